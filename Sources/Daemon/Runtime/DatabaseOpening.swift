internal import Errors
internal import Files
internal import Glibc
internal import Intake
internal import Jobs
internal import Synchronization

/// Whether the service is asked to stop while it waits inside a transaction, and how long transactions have waited.
final class DatabaseWait: Sendable {
  private let stopping = Atomic<Bool>(false)
  private let seconds = Mutex<Double>(0)

  var isStopping: Bool { stopping.load(ordering: .relaxed) }
  func stop() { stopping.store(true, ordering: .relaxed) }

  func waited(_ time: Double) { seconds.withLock { $0 = max($0, time) } }

  /// The longest wait since this was last read.
  func take() -> Double {
    seconds.withLock { seconds in
      defer { seconds = 0 }
      return seconds
    }
  }
}

/// Opens the job database, and waits where its disk is full or another process has locked it: no event can be recorded
/// then, so no work may start. The service waits at the beginning of a transaction, and reports this to its watchdog.
struct DatabaseOpening {
  private let layout: Layout
  private let options: ServiceOptions
  private let wait: DatabaseWait
  private let signs: SignsOfLife

  init(_ layout: Layout, _ options: ServiceOptions, _ wait: DatabaseWait, _ signs: SignsOfLife) {
    self.layout = layout
    self.options = options
    self.wait = wait
    self.signs = signs
  }

  /// Waits for room on a full disk, instead of ending again and again.
  func open() throws -> JobStore {
    let retry = whileFull
    let start = BootClock.now
    while true {
      do {
        let store = try openOnce()
        store.wait(whileFull: retry)
        return store
      } catch let error as StudyError where error.code == .databaseFull {
        guard retry(BootClock.now - start) else { throw error }
      }
    }
  }

  private func openOnce() throws -> JobStore {
    let path = String(decoding: layout.database.bytes, as: UTF8.self)
    let marker = layout.state / "initialised"
    let wasInitialised = marker.withCString { access($0, F_OK) } == 0
    if wasInitialised, access(path, F_OK) != 0 {
      throw StudyError(
        .databaseUnusable, "the job database is gone", file: path,
        hint: "radiomicsd recover makes it again; or restore a backup")
    }
    let store = try JobStore.writer(path)
    if !wasInitialised {
      try options.operations.write([], to: marker, mode: 0o600)
      try options.operations.sync(layout.state)
    }
    return store
  }

  /// Waits while a transaction finds no room.
  private var whileFull: Patience {
    let (ballast, log, wait, pause) = (Ballast(layout.state), options.log, wait, options.pause)
    let (notifier, heartbeat) = (signs.notifier, signs.heartbeat)
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

  /// Waits while another process locks the database: the service logs it, reports to systemd that it is alive, and
  /// waits until it is asked to stop, then for ten seconds in all.
  var whileLocked: Patience {
    let (log, wait, notifier, heartbeat) = (options.log, wait, signs.notifier, signs.heartbeat)
    return { seconds in
      if seconds < 2 { log.warning("the job database is locked by somebody else; everything waits", code: "DB_BUSY") }
      notifier.alive()
      heartbeat.beat()
      notifier.status("waits for the job database, locked by somebody else for \(Int(seconds)) s")
      return !wait.isStopping || seconds < 10
    }
  }
}
