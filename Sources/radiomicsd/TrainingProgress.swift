import Glibc
import Synchronization

/// Progress of training on the standard error: a bar on a terminal, a line a stage elsewhere.
final class TrainingProgress: Sendable {
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let shown = Mutex<(stage: String, steps: Int)>(("", -1))

  func show(_ stage: String, _ done: Int, _ total: Int) {
    let steps = total > 0 ? done * 30 / total : 30
    let isNew = shown.withLock { shown -> Bool in
      guard shown.stage != stage || (isTerminal && steps > shown.steps) else { return false }
      shown = (stage, steps)
      return true
    }
    guard isNew else { return }
    if isTerminal {
      let bar = String(repeating: "#", count: steps) + String(repeating: ".", count: 30 - steps)
      StandardError.write("\r\u{1B}[K[\(bar)] \(stage)")
    } else {
      StandardError.write("radiomicsd: \(stage)\n")
    }
  }

  /// Clears the bar.
  func end() { if isTerminal { StandardError.write("\r\u{1B}[K") } }
}
