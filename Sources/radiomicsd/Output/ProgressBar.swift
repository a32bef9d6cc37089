import Glibc
import Synchronization

/// Progress on standard error: a bar on a terminal, otherwise one line per stage.
final class ProgressBar: Sendable {
  static let isTerminal = isatty(STDERR_FILENO) == 1
  private static let width = 30
  private let shown = Mutex<(stage: String, steps: Int)>(("", -1))

  /// - Parameter share: the finished share of the stage, 0 to 1.
  func show(_ stage: String, _ share: Double) {
    let steps = Self.steps(share)
    let isNew = shown.withLock { shown -> Bool in
      guard shown.stage != stage || (Self.isTerminal && steps > shown.steps) else { return false }
      shown = (stage, steps)
      return true
    }
    guard isNew else { return }
    StandardError.write(Self.isTerminal ? Self.line(share, stage) : "radiomicsd: \(stage)\n")
  }

  /// The same where stages are counted: `done` of `total`.
  func show(_ stage: String, _ done: Int, _ total: Int) {
    show(stage, total > 0 ? Double(done) / Double(total) : 1)
  }

  /// Clears the bar.
  func end() { if Self.isTerminal { StandardError.write("\r\u{1B}[K") } }

  /// A terminal's line, in place of the one before.
  static func line(_ share: Double, _ text: String) -> String {
    let steps = steps(share)
    let bar = String(repeating: "#", count: steps) + String(repeating: ".", count: width - steps)
    return "\r\u{1B}[K[\(bar)] \(text)"
  }

  private static func steps(_ share: Double) -> Int { Int(min(max(share, 0), 1) * Double(width)) }
}
