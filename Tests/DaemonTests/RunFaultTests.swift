import Foundation
import Jobs
import Testing

extension WholeDaemon {
  /// Workers that crash, hang, lie or cannot work.
  @Suite struct RunFaultTests {
    @Test("A crash is retried and affects no other study")
    func crashIsRetriedAndAffectsNoOther() async throws {
      let spool = try TestSpool("max_attempts: 3")
      let service = spool.start()
      try spool.drop("crash", ["mask": "m", "crash": ""])
      try spool.drop("lie", ["mask": "m", "lie": ""])
      try spool.drop("good")
      try await spool.waitForJobs(3)
      try await service.stop()
      let jobs = Dictionary(uniqueKeysWithValues: try spool.jobs().map { ($0.study, $0) })
      #expect(jobs["good"]?.state == .done)
      #expect(jobs["crash"]?.state == .failed && jobs["crash"]?.error?.code == "E_WORKER_CRASH")
      #expect(jobs["lie"]?.state == .failed && jobs["lie"]?.error?.code == "E_RESULT_INVALID")
      #expect(jobs["crash"]?.attempt == 3)
      let attempts = try spool.store().history(of: try #require(jobs["crash"])).attempts
      #expect(attempts.map(\.signal) == [SIGSEGV, SIGSEGV, SIGSEGV])
      #expect(spool.brokenResults() == [])
    }

    @Test("A worker that its sandbox ended is not retried")
    func sandboxViolationIsNotRetried() async throws {
      let spool = try TestSpool("max_attempts: 3")
      let service = spool.start()
      try spool.drop("escape", ["mask": "m", "escape": ""])
      try await spool.waitForJobs(1)
      try await service.stop()
      let job = try #require(try spool.jobs().first)
      #expect(job.state == .failed && job.error?.code == "E_SANDBOX_VIOLATION" && job.attempt == 1)
      #expect(try spool.store().events().contains { $0.kind == .security })
      #expect(spool.list("outbox/escape") == ["error.json"])
    }

    @Test("A job that hangs is ended and retried once")
    func hangingJobIsEndedAndRetriedOnce() async throws {
      let spool = try TestSpool("time_limit_seconds: 1.5\nmax_jobs: 2")
      let service = spool.start()
      try spool.drop("hang", ["mask": "m", "delay": "60"])
      try spool.drop("good")
      try await spool.waitForJobs(2)
      try await service.stop()
      let job = try #require(try spool.jobs().first { $0.study == "hang" })
      #expect(job.state == .failed && job.error?.code == "E_TIMEOUT" && job.attempt == 2)
      #expect(try spool.jobs().first { $0.study == "good" }?.state == .done)
    }

    @Test("A wrong configuration pauses computing and uses up no attempt")
    func wrongConfigurationCostsNoAttempt() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try spool.drop("study", ["mask": "m", "configuration": ""])
      try await spool.wait { (try? spool.jobs().first?.state) == .retryWait }
      try spool.drop("other")
      try await spool.wait { (try? spool.jobs().count) == 2 }
      try await service.stop()
      let jobs = try spool.jobs()
      #expect(jobs.map(\.state) == [.retryWait, .queued], "nothing else is computed meanwhile")
      #expect(jobs.map(\.charges) == [0, 0])
    }
  }
}
