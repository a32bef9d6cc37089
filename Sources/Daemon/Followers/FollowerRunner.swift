internal import Dispatch
internal import Errors
internal import Files
internal import Intake
package import Jobs
internal import Synchronization

/// Brings events to the followers: a queue and a reading connection for each, so that none waits for another.
package final class FollowerRunner: Sendable {
  /// Largest number of events that a follower gets at once.
  private static let portion = 100

  private final class Line: Sendable {
    let follower: any EventFollower
    let queue: DispatchQueue
    /// Whether a pass is requested and has not begun.
    let isDue = Atomic<Bool>(false)
    let failures = Atomic<Int>(0)

    init(_ follower: any EventFollower) {
      self.follower = follower
      queue = DispatchQueue(label: "radiomicsd.follower.\(follower.name)", qos: .utility)
    }
  }

  private let lines: [Line]
  private let database: String
  private let cursors: FollowerCursors
  private let firstPause: Double
  private let log: Log
  /// The last event that followers were notified of.
  private let followed = Atomic<Int64>(-1)
  private let isStopping = Atomic<Bool>(false)

  /// - Parameters:
  ///   - database: the job database, which is only read.
  ///   - pause: seconds until a follower that failed is tried again; doubled up to ten minutes.
  package init(
    _ followers: [any EventFollower], database: String, cursors: FollowerCursors, pause: Double, log: Log
  ) {
    lines = followers.map(Line.init)
    self.database = database
    self.cursors = cursors
    firstPause = pause
    self.log = log
  }

  /// Starts followers where the record has new events. Never blocks on them.
  package func advance(in record: JobStore) throws {
    guard !lines.isEmpty else { return }
    let head = try record.head()
    guard followed.exchange(head, ordering: .relaxed) != head else { return }
    for line in lines where !line.isDue.exchange(true, ordering: .acquiringAndReleasing) {
      line.queue.async { self.pass(line) }
    }
  }

  /// No further event is given out; one that is being taken is not waited for.
  package func stop() { isStopping.store(true, ordering: .relaxed) }

  private func pass(_ line: Line) {
    line.isDue.store(false, ordering: .releasing)
    do {
      let record = try JobStore.reader(database)
      defer { try? record.close() }
      var cursor = try confirmed(cursors.cursor(of: line.follower.name), in: record)
      while !isStopping.load(ordering: .relaxed) {
        let events = try record.events(after: cursor.sequence, limit: Self.portion)
        guard let last = events.last else { break }
        try line.follower.follow(events, in: record)
        cursor = FollowerCursor(sequence: last.sequence, hash: last.hash)
        try cursors.keep(cursor, of: line.follower.name)
      }
      line.failures.store(0, ordering: .relaxed)
    } catch {
      let failures = line.failures.wrappingAdd(1, ordering: .relaxed).oldValue
      let pause = Backoff.follower(first: firstPause).delay(after: failures)
      log.warning("follower \(line.follower.name) failed; it is tried again in \(Int(pause)) s")
      line.queue.asyncAfter(deadline: .now() + pause) { [weak self] in
        guard let self, !isStopping.load(ordering: .relaxed) else { return }
        pass(line)
      }
    }
  }

  /// The cursor, where the record still has its event; the beginning where the record is another one, as after a backup
  /// was restored.
  private func confirmed(_ cursor: FollowerCursor, in record: JobStore) throws -> FollowerCursor {
    guard cursor.sequence > 0 else { return cursor }
    let event = try record.events(after: cursor.sequence - 1, limit: 1).first
    guard event?.sequence == cursor.sequence, event?.hash == cursor.hash else {
      log.warning("the record is not the one that a follower has followed; it begins anew")
      return FollowerCursor()
    }
    return cursor
  }
}
