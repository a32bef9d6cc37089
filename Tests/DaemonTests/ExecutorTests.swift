import Daemon
import Foundation
import Intake
import Jobs
import Testing

extension DaemonRecovery {
  /// The daemon with another executor than its own processes.
  @Suite struct ExecutorTests {
    private func start(_ spool: TestSpool, _ executor: FakeExecutor) -> RunningService {
      spool.start { $0.executor = { executor.connect($0) } }
    }

    @Test("A run that outlives the daemon is adopted by the next one and is not started again")
    func runOutlivesDaemon() async throws {
      let spool = try TestSpool()
      let executor = FakeExecutor()
      let first = start(spool, executor)
      try spool.drop("study")
      try await spool.wait { executor.started.count == 1 }
      try await first.stop()
      executor.disconnect()
      #expect(try spool.jobs().map(\.state) == [.running], "the run goes on")
      let second = start(spool, executor)
      try await spool.wait { second.log.text.contains("recovered") }
      try executor.compute(executor.started[0])
      try await spool.waitForJobs(1)
      try await second.stop()
      let job = try #require(try spool.jobs().first)
      #expect(job.state == .done && job.attempt == 1 && job.charges == 1 && job.interruptions == 0)
      #expect(executor.started.count == 1)
      let started = try spool.store().history(of: job).events.first { $0.kind == .started }
      #expect(started?.details["executor"] == "fake")
    }

    @Test("A run that ended while no daemon ran is published by the next one")
    func runEndedWithoutDaemon() async throws {
      let spool = try TestSpool()
      let executor = FakeExecutor()
      let first = start(spool, executor)
      try spool.drop("study")
      try await spool.wait { executor.started.count == 1 }
      try await first.stop()
      executor.disconnect()
      try executor.compute(executor.started[0])
      let second = start(spool, executor)
      try await spool.waitForJobs(1)
      try await second.stop()
      #expect(try spool.jobs().map(\.state) == [.done])
      #expect(spool.brokenResults() == [] && spool.list("outbox") == ["study"])
    }

    @Test("A run of an executor that is no longer configured counts as lost with the daemon")
    func otherExecutorKnowsNothing() async throws {
      let spool = try TestSpool()
      let executor = FakeExecutor()
      let first = start(spool, executor)
      try spool.drop("study")
      try await spool.wait { executor.started.count == 1 }
      try await first.stop()
      let second = spool.start()
      try await spool.waitForJobs(1)
      try await second.stop()
      let job = try #require(try spool.jobs().first)
      #expect(job.state == .done && job.attempt == 2 && job.interruptions == 1)
    }

    @Test("A start that the executor refuses is not a fault of the study")
    func refusedStartIsDeferred() async throws {
      let spool = try TestSpool()
      let executor = FakeExecutor()
      executor.refuse(1)
      let service = spool.start {
        $0.executor = { executor.connect($0) }
        $0.pause = 0.1
      }
      try spool.drop("study")
      try await spool.wait { executor.started.count == 1 }
      try executor.compute(executor.started[0])
      try await spool.waitForJobs(1)
      try await service.stop()
      let job = try #require(try spool.jobs().first)
      #expect(job.state == .done && job.attempt == 2 && job.charges == 1)
      #expect(try spool.store().history(of: job).events.contains { $0.kind == .deferred })
    }

    @Test("Two runs go at once where two are configured, and a cancelled one gives its place away")
    func runsAtOnce() async throws {
      let spool = try TestSpool("max_jobs: 2")
      let executor = FakeExecutor()
      let service = start(spool, executor)
      for name in ["a", "b", "c"] { try spool.drop(name, ["mask": name]) }
      try await spool.wait { (try? spool.jobs().count { $0.state == .queued || $0.state == .running }) == 3 }
      try await spool.wait { executor.started.count == 2 }
      #expect(try spool.jobs().count { $0.state == .queued } == 1)
      let job = try #require(try spool.jobs().first { $0.id == executor.started[0].job })
      #expect(try await spool.ask(.cancel, job).accepted)
      try await spool.wait { executor.started.count == 3 }
      for run in executor.running { try executor.compute(run) }
      try await spool.waitForJobs(3)
      try await service.stop()
      #expect(try spool.jobs().map(\.state.rawValue).sorted() == ["cancelled", "done", "done"])
      #expect(executor.cancelled.map(\.job) == [job.id])
    }
  }
}
