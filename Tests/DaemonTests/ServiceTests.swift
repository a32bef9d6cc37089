import Files
import Foundation
import Intake
import Jobs
import Testing

extension WholeDaemon {
  /// A whole service with a worker that is a shell script: the outcomes of studies.
  @Suite struct ServiceTests {
    @Test("Six studies dropped together are all done")
    func sixStudiesDroppedTogetherAreAllDone() async throws {
      let spool = try TestSpool("max_jobs: 2")
      let service = spool.start()
      for number in 1...6 { try spool.drop("case \(number)", ["mask": "\(number)", "delay": "0.1"]) }
      try await spool.waitForJobs(6)
      try await service.stop()
      let names = (1...6).map { "case \($0)" }
      #expect(spool.list("outbox") == names)
      #expect(spool.list("done") == names)
      #expect(spool.brokenResults() == [])
      for number in 1...6 { #expect(spool.text("outbox/case \(number)/features.json") == "\(number)") }
      let store = try spool.store()
      for job in try store.jobs() {
        let history = try store.history(of: job)
        #expect(history.result?.probability == 0.25)
        #expect(history.result?.modelName == "demo" && history.result?.demonstration == true)
        #expect(history.inputs.count == 2 && history.attempts.count == 1)
        #expect(spool.text("status/\(job.study).txt")?.contains("state: done") == true)
      }
    }

    @Test("The score of a shadow model is in the events and not in the outbox")
    func shadowScoreIsOnlyInTheEvents() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try spool.drop(
        "shadowed",
        [
          "mask": "m",
          "shadow":
            #"{"schema":"radiomicsd.shadow/1","model":{"name":"next","version":"2.0.0","sha256":"ef"},"probability":0.75,"positive":true,"outside":false}"#,
        ])
      try spool.drop("odd", ["mask": "m", "shadow": "nonsense"])
      try await spool.waitForJobs(2)
      try await service.stop()
      #expect(spool.list("outbox/shadowed") == ["features.json", "manifest.json", "result.json"])
      #expect(spool.brokenResults() == [])
      let store = try spool.store()
      func details(_ name: String) throws -> [String: String] {
        let events = try store.history(of: try store.job(named: name)).events
        return events.reduce(into: [:]) { $0.merge($1.details) { _, new in new } }
      }
      let said = try details("shadowed")
      #expect(said["shadow_model"] == "next 2.0.0" && said["shadow_sha256"] == "ef")
      #expect(said["shadow_probability"] == "0.75" && said["shadow_positive"] == "true")
      #expect(said["shadow_outside"] == "false")
      #expect(try details("odd").keys.allSatisfy { !$0.hasPrefix("shadow") })
    }

    @Test("A rejected study gets an error and nothing else")
    func rejectedStudyGetsOnlyAnError() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try spool.drop("broken", ["broken": ""])
      try spool.drop("refused", ["mask": "m", "refuse": ""])
      try spool.drop("good")
      try await spool.waitForJobs(3)
      try await service.stop()
      #expect(spool.list("outbox/broken") == ["error.json"])
      #expect(spool.list("outbox/refused") == ["error.json"])
      #expect(spool.list("failed") == ["broken", "refused"])
      let text = try #require(spool.text("outbox/refused/error.json"))
      let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      #expect(document["schema"] as? String == "radiomicsd.error/1")
      #expect(document["status"] as? String == "rejected")
      #expect(document["study"] as? String == "refused")
      #expect(document["notice"] as? String == "Research use only. Not for diagnosis.")
      let error = try #require(document["error"] as? [String: Any])
      #expect(error["code"] as? String == "E_SLICE_GAP")
      #expect(error["details"] as? [String: String] == ["at": "3"])
      #expect(Set(try spool.jobs().map { $0.error?.code }) == ["E_PATIENT_MIX", "E_SLICE_GAP", nil])
    }

    @Test("A change after the result is a new study of the same name")
    func changeAfterResultIsANewStudy() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try spool.drop("study", ["mask": "one"])
      try await spool.waitForJobs(1)
      try spool.drop("study", ["mask": "two"])
      try await spool.waitForJobs(2)
      try await service.stop()
      #expect(spool.text("outbox/study/features.json") == "one")
      #expect(spool.text("outbox/study-2/features.json") == "two")
      #expect(spool.list("done") == ["study", "study-2"])
    }

    @Test("Originals may stay and are claimed again only when they change")
    func keptOriginalsAreClaimedWhenChanged() async throws {
      let spool = try TestSpool("originals: keep")
      let service = spool.start()
      try spool.drop("study", ["mask": "one"])
      try await spool.waitForJobs(1)
      #expect(spool.list("inbox") == ["study"])
      try await Task.sleep(for: .seconds(1.2))
      try await service.stop()
      #expect(try spool.jobs().count == 1)
      let again = spool.start()
      try await Task.sleep(for: .seconds(1))
      #expect(try spool.jobs().count == 1, "nor after a restart")
      try spool.write(["more": "x"], to: spool.root + "/inbox/study")
      try await spool.waitForJobs(2)
      try await again.stop()
    }

    @Test("Names are bytes and never reach the log")
    func namesAreBytesAndNeverReachTheLog() async throws {
      let spool = try TestSpool()
      try FileManager.default.createDirectory(atPath: spool.root + "/inbox", withIntermediateDirectories: true)
      let names: [[UInt8]] = [
        Array("kaf\u{65}\u{301}".utf8), Array("kaf\u{E9}".utf8), [0x62, 0xFF, 0x64], Array("new\nline".utf8),
        Array("-rf; $(id)".utf8),
        Array("ZZCANARY^PATIENT".utf8), Array("trailing ".utf8), Array(String(repeating: "x", count: 255).utf8),
      ]
      for name in names {
        let path = Path(spool.root + "/inbox") / FileName(name)!
        #expect(path.withCString { mkdir($0, 0o755) } == 0)
        try LinuxFileOperations().write(name, to: path / "mask", mode: 0o644)
      }
      let service = spool.start()
      try await spool.waitForJobs(names.count)
      try await service.stop()
      let others = try spool.jobs().filter { $0.state != .done }.map {
        "\($0.study) \($0.state) \(String(describing: $0.error))"
      }
      #expect(others == [])
      #expect(Set(try spool.jobs().map(\.studyBytes)) == Set(names))
      #expect(spool.list("outbox").count == names.count)
      #expect(spool.list("outbox").contains("b%FFd") && spool.list("outbox").contains("new%0Aline"))
      #expect(spool.list("outbox").allSatisfy { $0.utf8.count <= 255 && !$0.contains("\n") })
      // No canary is made of hexadecimal digits: the log has hashes.
      for canary in ["ZZCANARY", "kaf", "xxxx", "line"] { #expect(!service.log.text.contains(canary), "\(canary)") }
    }
  }
}
