import Errors
import Foundation
import Intake
import Jobs
import Testing

extension WholeDaemon {
  /// Starting, stopping, and requests of operators.
  @Suite struct LifeTests {
    @Test("SIGTERM ends running jobs without using up an attempt")
    func sigtermCostsRunningJobsNoAttempt() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try spool.drop("study", ["mask": "m", "delay": "3"])
      try await spool.wait { (try? spool.jobs().first?.state) == .running }
      try await service.stop()
      #expect(try spool.jobs().map(\.state) == [.queued])
      #expect(try spool.jobs().map(\.charges) == [0])
      let again = spool.start()
      try await spool.waitForJobs(1)
      try await again.stop()
      #expect(try spool.jobs().map(\.state) == [.done])
    }

    @Test("A second daemon is refused")
    func secondDaemonIsRefused() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try await spool.wait { spool.exists("state/jobs.sqlite") }
      let second = spool.start()
      let error = await #expect(throws: StudyError.self) { try await second.ended() }
      #expect(error?.code.name == "E_ALREADY_RUNNING" && error?.code.exit == .temporary)
      #expect(error?.message.contains("process \(getpid())") == true)
      try await service.stop()
    }

    @Test("A lost database is not replaced by an empty one")
    func lostDatabaseIsNotReplacedByEmpty() async throws {
      let spool = try TestSpool()
      try await spool.start().stop()
      for end in ["", "-wal", "-shm"] {
        try? FileManager.default.removeItem(atPath: spool.root + "/state/jobs.sqlite" + end)
      }
      let error = await #expect(throws: StudyError.self) { try await spool.start().ended() }
      #expect(error?.code.exit == .configuration)
      #expect(!spool.exists("state/jobs.sqlite"))
    }

    @Test("Operators cancel, hold, release and retry jobs")
    func operatorsCancelHoldReleaseAndRetry() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      let folder = RequestFolder(state: spool.root + "/state")
      func ask(_ verb: JobRequest.Verb, _ job: Job) async throws -> JobAnswer {
        let name = try folder.post(JobRequest(verb, job: job.id, actor: "tester"))
        var answer: JobAnswer?
        try await spool.wait {
          answer = folder.takeAnswer(name)
          return answer != nil
        }
        return try #require(answer)
      }
      try spool.drop("running", ["mask": "m", "delay": "60"])
      try await spool.wait { (try? spool.jobs().first?.state) == .running }
      try spool.drop("waiting", ["mask": "w"])
      try await spool.wait { (try? spool.jobs().last?.state) == .queued }
      let (first, second) = (try spool.jobs()[0], try spool.jobs()[1])
      #expect(try await ask(.hold, second).accepted)
      #expect(try await !ask(.hold, first).accepted)
      #expect(try await ask(.cancel, first).accepted)
      try await spool.wait { (try? spool.jobs().first?.swept) == true }
      #expect(try spool.jobs().map(\.state) == [.cancelled, .held])
      #expect(spool.list("failed") == ["running"])
      #expect(spool.list("outbox") == [])
      #expect(try await ask(.release, second).accepted)
      try await spool.waitForJobs(2)
      #expect(try await !ask(.cancel, second).accepted)
      try FileManager.default.removeItem(atPath: spool.root + "/failed/running/delay")
      #expect(try await ask(.retry, first).accepted)
      try await spool.waitForJobs(3)
      try await service.stop()
      let last = try #require(try spool.jobs().last)
      #expect(last.state == .done && last.study == "running" && last.retryOf == first.id)
      #expect(try spool.store().events().contains { $0.actor == "user:tester" && $0.kind == .retryRequested })
      #expect(try spool.store().firstBrokenEvent() == nil)
    }
  }
}
