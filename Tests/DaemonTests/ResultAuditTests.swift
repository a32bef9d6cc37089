import Foundation
import Intake
import Jobs
import Testing

extension DaemonProgram {
  /// Published results compared with the record, by the program itself.
  @Suite(.enabled(if: DaemonBinary.serves, "needs the radiomicsd program beside the tests"))
  struct ResultAuditTests {
    private let spool: TestSpool

    init() throws { spool = try TestSpool() }

    private func verify(_ arguments: String...) throws -> (status: Int32, output: String) {
      try DaemonBinary.run(
        [DaemonBinary.path, "audit", "verify", "--results"] + arguments + ["--config", spool.root + "/radiomicsd.yaml"])
    }

    /// Two results, an error and a duplicate.
    private func publish() async throws {
      try spool.drop("one")
      try spool.drop("two", ["mask": "another"])
      try spool.drop("broken", ["mask": "m", "refuse": ""])
      let process = try DaemonBinary.start(spool)
      try await spool.waitForJobs(3)
      try spool.drop("twin")
      try await spool.waitForJobs(4)
      process.terminate()
      process.waitUntilExit()
    }

    @Test("Every change in the outbox is found and named")
    func everyOutboxChangeIsFoundAndNamed() async throws {
      try await publish()
      let sound = try verify()
      #expect(sound.status == 0 && sound.output.contains("the results hold: 4 folders, 8 files"), "\(sound.output)")
      #expect(sound.output.contains("radiomicsd: 4/4 results compared"))
      let outbox = spool.root + "/outbox"
      let files = FileManager.default
      try Data("other".utf8).write(to: URL(fileURLWithPath: outbox + "/one/result.json"))
      try files.removeItem(atPath: outbox + "/one/features.json")
      try Data().write(to: URL(fileURLWithPath: outbox + "/one/notes.txt"))
      try files.createDirectory(atPath: outbox + "/one/more", withIntermediateDirectories: false)
      try files.moveItem(atPath: outbox + "/two", toPath: outbox + "/renamed")
      try files.removeItem(atPath: outbox + "/twin")
      try files.createDirectory(atPath: outbox + "/foreign", withIntermediateDirectories: false)
      let document = try #require(spool.text("outbox/broken/error.json"))
      try document.replacingOccurrences(of: "a gap", with: "a gab")
        .write(toFile: outbox + "/broken/error.json", atomically: true, encoding: .utf8)
      let found = try verify()
      #expect(found.status == 65, "\(found.output)")
      for line in [
        "changed: one/result.json", "missing: one/features.json", "extra: one/notes.txt", "extra: one/more",
        "renamed: renamed,", "missing: twin,", "extra: foreign:", "changed: broken/error.json",
        "the chain holds: ", "the results do NOT hold: ",
      ] { #expect(found.output.contains(line), "\(line): \(found.output)") }
      let json = try verify("--json").output.split(separator: "\n").last.map { Data($0.utf8) }
      let object = try #require(try JSONSerialization.jsonObject(with: json ?? Data()) as? [String: Any])
      let results = try #require(object["results"] as? [String: Any])
      #expect(object["sound"] as? Bool == false && results["fault_count"] as? Int == 8)
      let kinds = (results["faults"] as? [[String: Any]])?.compactMap { $0["kind"] as? String }.sorted()
      #expect(kinds == ["changed", "changed", "extra", "extra", "extra", "missing", "missing", "renamed"])
      // Without the option, results are not compared.
      let chain = try DaemonBinary.run([
        DaemonBinary.path, "audit", "verify", "--config", spool.root + "/radiomicsd.yaml",
      ])
      #expect(chain.status == 0, "\(chain.output)")
    }

    @Test("A missing outbox is not treated as one without results")
    func missingOutboxIsNotAnEmptyOne() async throws {
      try await publish()
      try FileManager.default.moveItem(atPath: spool.root + "/outbox", toPath: spool.root + "/away")
      let away = try verify()
      #expect(away.status == 74 && away.output.contains("the outbox cannot be listed"), "\(away.output)")
    }

    @Test("A link in place of a file and a file in place of a folder are changes")
    func swappedFileKindsAreChanges() async throws {
      try await publish()
      let files = FileManager.default
      let path = spool.root + "/outbox/one/result.json"
      try files.moveItem(atPath: path, toPath: spool.root + "/kept")
      try files.createSymbolicLink(atPath: path, withDestinationPath: spool.root + "/kept")
      try files.removeItem(atPath: spool.root + "/outbox/two")
      try Data().write(to: URL(fileURLWithPath: spool.root + "/outbox/two"))
      let found = try verify()
      #expect(found.output.contains("changed: one/result.json") && found.output.contains("it is not a regular file"))
      #expect(found.output.contains("changed: two,") && found.output.contains("it is not a folder"), "\(found.output)")
    }
  }
}
