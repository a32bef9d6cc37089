import Glibc
import Study
import Synchronization

/// Progress on the standard error: a bar on a terminal, a line a stage elsewhere.
final class ProgressBar: Sendable {
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let shown = Mutex<(stage: Stage?, steps: Int)>((nil, -1))

  func show(_ stage: Stage, _ share: Double) {
    let steps = Int(share * 30)
    let isNew = shown.withLock { shown -> Bool in
      guard shown.stage != stage || (isTerminal && steps > shown.steps) else { return false }
      shown = (stage, steps)
      return true
    }
    guard isNew else { return }
    if isTerminal {
      let bar = String(repeating: "#", count: steps) + String(repeating: ".", count: 30 - steps)
      StandardError.write("\r\u{1B}[K\(stage.rawValue) [\(bar)]")
    } else {
      StandardError.write("radiomicsd: \(stage.rawValue)\n")
    }
  }

  /// Clears the bar.
  func end() { if isTerminal { StandardError.write("\r\u{1B}[K") } }
}
