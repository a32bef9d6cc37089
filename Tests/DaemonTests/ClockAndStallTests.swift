import Daemon
import Foundation
import Intake
import Jobs
import Synchronization
import Testing

extension WholeDaemon {
  /// A clock that is set, and a file server that hangs.
  @Suite struct ClockAndStallTests {
    @Test("A wall clock that is set is recorded and changes no waiting time")
    func clockJumpIsRecordedAndDelaysNothing() async throws {
      let spool = try TestSpool("incomplete_seconds: 3600")
      let step = Mutex(0.0)
      let service = spool.start { options in
        options.wallClock = { Date().timeIntervalSince1970 + step.withLock { $0 } }
      }
      func jumps() throws -> [Double] {
        try spool.store().events().filter { $0.kind == .clockJump }.compactMap {
          $0.details["seconds"].flatMap(Double.init)
        }
      }
      try spool.drop("incomplete", ["slice": "s"])
      try await spool.wait { spool.text("status/incomplete.txt")?.contains("E_MASK_MISSING") == true }
      // Within the tolerance, a day ahead, and back to the start.
      step.withLock { $0 = 4 }
      try await Task.sleep(for: .milliseconds(1300))
      #expect(try jumps() == [])
      step.withLock { $0 = 86_400 }
      try await spool.wait { (try? jumps().count) == 1 }
      step.withLock { $0 = -3600 }
      try await spool.wait { (try? jumps().count) == 2 }
      try await Task.sleep(for: .milliseconds(300))
      #expect(spool.text("status/incomplete.txt")?.contains("state: incomplete") == true, "nothing timed out")
      try spool.drop("study")
      try await spool.waitForJobs(1)
      try await service.stop()
      let seconds = try jumps()
      #expect(abs(seconds[0] - 86_400) < 5 && abs(seconds[1] + 90_000) < 5, "\(seconds)")
      #expect(try spool.jobs().map(\.state) == [.done])
      #expect(try spool.store().firstBrokenEvent() == nil)
    }

    @Test("A file server that hangs is reported and delays no other study")
    func hangingServerIsReportedAndBlocksNothing() async throws {
      let spool = try TestSpool("stall_seconds: 0.5")
      let operations = FailingOperations()
      let service = spool.start(operations: operations)
      try spool.drop("copied", ["mask": "m", "delay": "1.5"])
      try await spool.wait { (try? spool.jobs().first?.state) == .running }
      operations.hang()
      func events(_ kind: EventKind) -> [Event] { ((try? spool.store().events()) ?? []).filter { $0.kind == kind } }
      try await spool.wait { events(.inboxStalled).count == 1 }
      try await spool.wait { (try? spool.store().stallReason())??.contains("the inbox does not answer") == true }
      // A copied study is computed and published.
      try await spool.wait { spool.exists("outbox/copied/manifest.json") }
      // A request of an operator is answered.
      let folder = RequestFolder(state: spool.root + "/state")
      let job = try #require(try spool.jobs().first)
      let name = try folder.post(JobRequest(.hold, job: job.id, actor: "tester"))
      try await spool.wait { folder.takeAnswer(name) != nil }
      #expect(events(.inboxStalled).count == 1, "told once")
      operations.heal()
      try await spool.wait { (try? spool.store().stallReason()) == .some(nil) }
      #expect(events(.resumed).contains { $0.details["what"] == "inbox" })
      try spool.drop("later", ["mask": "n"])
      try await spool.waitForJobs(2)

      // It is stopped while its listing hangs.
      operations.hang()
      try await spool.wait { events(.inboxStalled).count == 2 }
      let began = ContinuousClock.now
      try await service.stop()
      #expect(ContinuousClock.now - began < .seconds(19))
      operations.heal()
      #expect(try spool.jobs().map(\.state) == [.done, .done])
    }
  }
}
