internal import Errors
internal import Glibc
internal import Intake
internal import Jobs
internal import Synchronization

/// Whether the service is asked to stop while it waits inside a transaction, and for how long transactions have waited.
final class DatabaseWait: Sendable {
  private let stopping = Atomic<Bool>(false)
  private let seconds = Mutex<Double>(0)

  var isStopping: Bool { stopping.load(ordering: .relaxed) }
  func stop() { stopping.store(true, ordering: .relaxed) }

  func waited(_ time: Double) { seconds.withLock { $0 = max($0, time) } }

  /// The longest wait since this was last asked for.
  func take() -> Double {
    seconds.withLock { seconds in
      defer { seconds = 0 }
      return seconds
    }
  }
}

/// The database's disk is full: nothing can be recorded, so nothing may happen. The service waits where it stands, at the
/// beginning of a transaction, and tells its watchdog so.
extension Service {
  /// What is done while a transaction finds no room.
  var fullDatabase: Patience {
    let (ballast, log, wait, pause) = (Ballast(layout.state), log, databaseWait, options.pause)
    let (notifier, heartbeat) = (notifier, heartbeat)
    return { seconds in
      wait.waited(max(seconds, 0.001))
      if ballast.release() {
        log.error("the database's disk is full: its ballast is given up", code: ErrorCode.databaseFull.name)
        return true
      }
      if seconds < pause {
        log.error("the database's disk is full: everything waits", code: ErrorCode.databaseFull.name)
      }
      notifier.status("the database's disk is full")
      heartbeat.beat()
      // In short steps: the watchdog is fed, and an end is not kept waiting.
      let end = BootClock.now + min(max(seconds, pause / 30), 10)
      while BootClock.now < end, !wait.isStopping {
        notifier.alive()
        usleep(100_000)
      }
      return !wait.isStopping
    }
  }

  /// Opens the database; on a full disk it is waited for, not died of again and again.
  func openStorePatiently() throws -> JobStore {
    let retry = fullDatabase
    let start = BootClock.now
    while true {
      do {
        return try openStore()
      } catch let error as StudyError where error.code == .databaseFull {
        guard retry(BootClock.now - start) else { throw error }
      }
    }
  }

  /// Puts on record that it was waited, and takes the ballast again.
  func checkBallast(_ now: Double) throws {
    let seconds = databaseWait.take()
    if seconds > 0 {
      log.info("the database's disk has room again")
      try record {
        try store.note(.resumed, details: ["what": "database", "seconds": String(Int(seconds.rounded(.up)))])
      }
    }
    guard options.hasBallast, now >= ballastAt else { return }
    ballastAt = now + options.pause * 2
    Ballast(layout.state).take(options.freeSpace(layout.state))
  }
}
