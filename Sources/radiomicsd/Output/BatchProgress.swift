import Research

/// Progress of a batch on standard error: a bar on a terminal, otherwise one line per case.
enum BatchProgress {
  static func show(_ progress: Batch.Progress) {
    let left = progress.secondsLeft.map { ", \(duration($0)) left" } ?? ""
    let text = "\(progress.done)/\(progress.total) cases, \(progress.failed) failed\(left)"
    guard ProgressBar.isTerminal else {
      StandardError.write("radiomicsd: \(text)\n")
      return
    }
    let share = progress.total > 0 ? Double(progress.done) / Double(progress.total) : 1
    StandardError.write(ProgressBar.line(share, text) + (progress.done == progress.total ? "\n" : ""))
  }

  private static func duration(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds, 0), 1e9).rounded(.up))
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}
