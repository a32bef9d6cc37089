internal import Errors
internal import Files
internal import Glibc
internal import Intake
internal import Jobs
internal import Synchronization

/// The watcher child, as the service sees it.
struct WatcherState {
  var child: Child?
  /// Counts starts; what an earlier one says is not listened to.
  var generation = 0
  var isWatching = false
  var failures = 0
  var restartAt: Double?
}

extension Service {
  func startWatcher() {
    guard let program = options.watcher, !isStopping else {
      if options.watcher == nil { log.warning("no radiomicsd-watch: the inbox is listed every few seconds instead") }
      return
    }
    watcher.generation += 1
    watcher.restartAt = nil
    let generation = watcher.generation
    let reader = Mutex(WatchRecordReader(inbox: layout.inbox))
    let box = RecordBox(reader)
    do {
      watcher.child = try Child.start(
        [Array(program.utf8), layout.inbox.bytes], folder: layout.state,
        output: { [mailbox] bytes in
          let records = box.read(bytes)
          if !records.isEmpty { mailbox.post(.watch(generation: generation, records)) }
        },
        ended: { [mailbox] in mailbox.post(.watcherEnded(generation: generation)) })
    } catch {
      log.error("the watcher cannot be started: \(error.message)", code: error.code.name)
      watcher.restartAt = BootClock.now + 60
    }
  }

  func watched(_ generation: Int, _ records: [WatchRecord]) {
    guard generation == watcher.generation else { return }
    let now = BootClock.now
    for record in records {
      switch record {
      case .watching:
        watcher.isWatching = true
        watcher.failures = 0
        listAll(now)
      case .event(let name):
        if settling.studies[name] != nil { settling.hint(name) } else { listInbox(now + 0.05) }
      case .other: listInbox(now + 0.05)
      case .overflow:
        log.warning("events were dropped; everything is listed")
        try? store.note(.overflow)
        listAll(now)
      case .degraded(let reason):
        log.warning("not every folder can be watched: \(reason)")
        try? store.note(.watchDegraded, details: ["reason": String(reason.prefix(200))])
      case .lost: log.warning("the inbox was moved, deleted or unmounted")
      }
    }
  }

  func watcherEnded(_ generation: Int) {
    guard generation == watcher.generation, let child = watcher.child else { return }
    let end = child.reap()
    watcher.child = nil
    watcher.isWatching = false
    guard !isStopping else { return }
    let delay = Backoff.watcher.delay(after: watcher.failures)
    watcher.failures += 1
    watcher.restartAt = BootClock.now + delay
    log.warning("the watcher ended, exit \(end.exit ?? -1), signal \(end.signal ?? 0); restarted in \(Int(delay)) s")
    listAll(BootClock.now)
  }

  func superviseWatcher(_ now: Double) {
    if let time = watcher.restartAt, time <= now {
      watcher.restartAt = nil
      startWatcher()
    }
  }

  func restartWatcher() { watcher.child?.signal(SIGKILL) }

  func stopWatcher() {
    watcher.restartAt = nil
    watcher.child?.signal(SIGTERM)
  }

  private func listInbox(_ time: Double) { listInboxAt = min(listInboxAt ?? time, time) }

  private func listAll(_ now: Double) {
    settling.hint(nil)
    listInbox(now)
  }
}

/// Cuts the watcher's output on the thread that reads it.
private final class RecordBox: Sendable {
  private let reader: Mutex<WatchRecordReader>

  init(_ reader: consuming Mutex<WatchRecordReader>) { self.reader = reader }

  func read(_ bytes: [UInt8]) -> [WatchRecord] { reader.withLock { $0.read(bytes) } }
}
