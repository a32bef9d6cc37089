import Glibc

/// Progress of maps by voxel on the standard error: a bar on a terminal, a line an image elsewhere.
enum MapProgress {
  static func show(_ image: String, _ share: Double) {
    guard isatty(STDERR_FILENO) == 1 else {
      StandardError.write("radiomicsd: \(image)\n")
      return
    }
    let steps = Int(share * 30)
    let bar = String(repeating: "#", count: steps) + String(repeating: ".", count: 30 - steps)
    StandardError.write("\r\u{1B}[K[\(bar)] \(image)")
  }

  /// Clears the bar.
  static func end() { if isatty(STDERR_FILENO) == 1 { StandardError.write("\r\u{1B}[K") } }
}
