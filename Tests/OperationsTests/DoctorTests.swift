import Errors
import Operations
import Testing

struct DoctorTests {
  @Test("a configuration that cannot be located is one finding among the others")
  func unlocatedConfigurationIsAFinding() {
    let error = StudyError(.notFound, "there is no configuration", hint: "name one")
    let findings = Doctor.examine(configuration: .failure(error), watcher: nil)
    let found = Dictionary(uniqueKeysWithValues: findings.map { ($0.check, $0) })
    #expect(found["configuration"]?.level == .fail && found["configuration"]?.advice == "name one")
    #expect(found["watcher"]?.level == .warn)
    #expect(found["selftest"]?.level == .ok, "\(String(describing: found["selftest"]))")
    #expect(found["inbox.writable"] == nil, "folders are unknown without a configuration")
  }
}
