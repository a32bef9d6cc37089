internal import Dispatch
internal import Files
internal import Intake
internal import Synchronization

/// Writes status files on a queue of its own: a share that hangs must not stop the service.
final class StatusPoster: Sendable {
  private let queue = DispatchQueue(label: "radiomicsd.status")
  private let board: Mutex<StatusBoard>
  private let remade: @Sendable () -> Void

  /// - Parameter remade: called on another thread when the folder was gone and was made again.
  init(_ folder: Path, remade: @escaping @Sendable () -> Void) {
    board = Mutex(StatusBoard(folder))
    self.remade = remade
  }

  func show(_ study: FileName, _ note: StatusBoard.Note) {
    queue.async { self.board.withLock { $0.show(study, note) } }
    mend()
  }

  func clear(_ study: FileName) { queue.async { self.board.withLock { $0.clear(study) } } }

  func close(_ study: FileName) { queue.async { self.board.withLock { $0.close(study) } } }

  /// Checks whether the folder exists.
  func mend() {
    queue.async { if self.board.withLock({ $0.mend() }) { self.remade() } }
  }

  /// Waits until pending texts are written, a second at most.
  func finish() {
    let written = DispatchSemaphore(value: 0)
    queue.async { written.signal() }
    _ = written.wait(timeout: .now() + 1)
  }
}
