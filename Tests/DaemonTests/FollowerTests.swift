import Daemon
import Files
import Foundation
import Intake
import Jobs
import Synchronization
import Testing

/// Remembers what it was given; fails as often as it is told.
private final class Notebook: EventFollower, ResultExporter {
  let name: String
  private let seen = Mutex<[Int64]>([])
  private let exported = Mutex<[String]>([])
  private let failures: Mutex<Int>

  init(_ name: String, failures: Int = 0) {
    self.name = name
    self.failures = Mutex(failures)
  }

  var sequences: [Int64] { seen.withLock { $0 } }
  var jobs: [String] { exported.withLock { $0 } }

  private struct Unreachable: Error {}

  private func failIfTold() throws {
    try failures.withLock { failures in
      guard failures > 0 else { return }
      failures -= 1
      throw Unreachable()
    }
  }

  func follow(_ events: [Event], in record: JobStore) throws {
    try failIfTold()
    seen.withLock { $0 += events.map(\.sequence) }
  }

  func export(_ job: Job, result: ResultRecord?) throws {
    try failIfTold()
    let text = "\(job.study) \(job.state.rawValue) \(result?.probability.map { "\($0)" } ?? "none")"
    exported.withLock { $0.append(text) }
  }
}

extension DaemonRecovery {
  /// What follows the record: after publication, beside the daemon.
  @Suite struct FollowerTests {
    private func start(_ spool: TestSpool, _ followers: [any EventFollower]) -> RunningService {
      spool.start {
        $0.followers = followers
        $0.pause = 0.05
      }
    }

    @Test("A follower is given every event once, in order, also those of a time when it was not running")
    func cursorGoesOn() async throws {
      let spool = try TestSpool()
      try spool.drop("a")
      let alone = spool.start()
      try await spool.waitForJobs(1)
      try await alone.stop()
      let first = Notebook("notebook")
      let service = start(spool, [first])
      try spool.drop("b", ["mask": "b"])
      try await spool.waitForJobs(2)
      let before = try spool.store().head()
      try await spool.wait { (first.sequences.last ?? 0) >= before }
      try await service.stop()
      let second = Notebook("notebook")
      let again = start(spool, [second])
      try spool.drop("c", ["mask": "c"])
      try await spool.waitForJobs(3)
      let head = try spool.store().head()
      try await spool.wait { (second.sequences.last ?? 0) >= head }
      try await again.stop()
      let all = first.sequences + second.sequences
      #expect(all == Array(1...(try #require(all.last))))
      #expect(!second.sequences.isEmpty && second.sequences[0] > 1)
    }

    @Test("An exporter that fails is tried again, and no job waits for it")
    func failingExporterIsRetried() async throws {
      let spool = try TestSpool()
      let (failing, well) = (Notebook("failing", failures: 3), Notebook("well"))
      let service = start(spool, [PublicationFollower(failing), PublicationFollower(well)])
      try spool.drop("study")
      try spool.drop("refused", ["mask": "r", "refuse": ""])
      try await spool.waitForJobs(2)
      try await spool.wait { failing.jobs.count == 2 && well.jobs.count == 2 }
      try await service.stop()
      #expect(Set(failing.jobs) == ["study done 0.25", "refused rejected none"])
      #expect(Set(well.jobs) == Set(failing.jobs))
      #expect(service.log.text.contains("follower failing failed; it is tried again"))
      #expect(try spool.jobs().allSatisfy { $0.charges == 1 })
    }

    @Test("A cursor of another record is not believed")
    func otherRecordBeginsAnew() async throws {
      let spool = try TestSpool()
      try spool.drop("study")
      let alone = spool.start()
      try await spool.waitForJobs(1)
      try await alone.stop()
      let state = Path(spool.root + "/state")
      let cursors = FollowerCursors(state: state, LinuxFileOperations())
      #expect(cursors.cursor(of: "notebook") == FollowerCursor())
      try cursors.keep(FollowerCursor(sequence: 3, hash: String(repeating: "0", count: 64)), of: "notebook")
      #expect(cursors.cursor(of: "notebook").sequence == 3)
      let notebook = Notebook("notebook")
      let service = start(spool, [notebook])
      try await spool.wait { notebook.sequences.first == 1 }
      try await service.stop()
      #expect(service.log.text.contains("the record is not the one that a follower has followed; it begins anew"))
    }
  }
}
