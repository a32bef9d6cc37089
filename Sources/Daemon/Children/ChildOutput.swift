internal import Synchronization

/// Output of a child, up to a limit.
final class ChildOutput: Sendable {
  private let bytes = Mutex<[UInt8]>([])
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  func append(_ part: [UInt8]) {
    bytes.withLock { bytes in bytes.append(contentsOf: part.prefix(limit - bytes.count)) }
  }

  var contents: [UInt8] { bytes.withLock { $0 } }
}
