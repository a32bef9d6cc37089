import Errors
import Foundation
import Hashing
import Operations
import TestKit
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

struct SelfTestReferenceTests {
  @Test("the self-test's numbers are those of the data file")
  func referenceIsTheDataFile() throws {
    let path = SharedData.checkout.appendingPathComponent("Sources/Operations/Doctor/selftest.csv")
    let bytes = Array(try Data(contentsOf: path))
    #expect(Hashing.sha256(bytes) == "56685e01920ee56d9412a0332792a1e34b2343d6c14970fcced3b5140d001992", "changed")
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst()
    let reference = try SelfTestReference.features()
    #expect(reference.count == 37 && reference.map(\.name) == lines.map { $0.prefix { $0 != "," } }.map(String.init))
    #expect(reference.map(\.value) == lines.map { Double($0.split(separator: ",")[1]) })
  }
}
