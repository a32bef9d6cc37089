internal import Glibc
internal import Synchronization

/// Writes lines to a descriptor. A log that cannot be written stops no work: lines are counted instead, and the number
/// is logged as soon as a line gets through.
final class LogWriter: Sendable {
  private let descriptor: Int32
  private let lost = Mutex(0)

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  func write(_ line: String) {
    lost.withLock { lost in
      if lost > 0, put("\(lost) lines of the log were lost: it could not be written\n") { lost = 0 }
      if lost > 0 || !put(line) { lost += 1 }
    }
  }

  /// A line that began is written to its end where that is possible at all.
  private func put(_ line: String) -> Bool {
    var rest = Array(line.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        return false
      }
    }
    return true
  }
}
