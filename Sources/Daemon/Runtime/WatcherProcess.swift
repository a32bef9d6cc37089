internal import Errors
internal import Files
internal import Glibc
internal import Intake
internal import Synchronization

/// The process that watches the inbox. On the daemon's thread.
final class WatcherProcess {
  private var child: Child?

  /// - Throws: `E_SPAWN`.
  func start(
    _ program: String, _ layout: Layout, records: @escaping @Sendable ([WatchRecord]) -> Void,
    ended: @escaping @Sendable () -> Void
  ) throws(StudyError) {
    let reader = RecordReader(inbox: layout.inbox)
    child = try Child.start(
      [Array(program.utf8), layout.inbox.bytes], folder: layout.state,
      output: { bytes in
        let found = reader.read(bytes)
        if !found.isEmpty { records(found) }
      }, ended: ended)
  }

  func signal(_ number: Int32) { child?.signal(number) }

  func reap() -> Child.End? {
    defer { child = nil }
    return child?.reap()
  }
}

/// Cuts the watcher's output on the thread that reads it.
private final class RecordReader: Sendable {
  private let reader: Mutex<WatchRecordReader>

  init(inbox: Path) { reader = Mutex(WatchRecordReader(inbox: inbox)) }

  func read(_ bytes: [UInt8]) -> [WatchRecord] { reader.withLock { $0.read(bytes) } }
}
