import Intake
import Synchronization

/// The disk, but operations of one kind fail.
final class FailingOperations: FileOperations {
  private let disk = LinuxFileOperations()
  private let fault = Mutex<(kind: String, code: Int32)?>(nil)

  /// - Parameter kind: `copy` for private copies, `write to outbox` for what is published.
  func fail(_ kind: String, with code: Int32) { fault.withLock { $0 = (kind, code) } }

  private func check(_ kind: String, _ path: Path) throws {
    let isOutbox = String(decoding: path.bytes, as: UTF8.self).contains("/outbox/")
    let name = isOutbox ? "write to outbox" : kind
    if let code = fault.withLock({ $0?.kind == name ? $0?.code : nil }) { throw FileError(kind, code) }
  }

  func makeFolder(_ path: Path, mode: UInt32) throws { try disk.makeFolder(path, mode: mode) }
  func rename(_ from: Path, to: Path) throws { try disk.rename(from, to: to) }
  func remove(_ path: Path) throws { try disk.remove(path) }
  func copy(_ descriptor: Int32, to path: Path, mode: UInt32) throws -> (sha256: String, bytes: Int64) {
    try check("copy", path)
    return try disk.copy(descriptor, to: path, mode: mode)
  }
  func write(_ bytes: [UInt8], to path: Path, mode: UInt32) throws {
    try check("write", path)
    try disk.write(bytes, to: path, mode: mode)
  }
  func sync(_ path: Path) throws { try disk.sync(path) }
  func syncFileSystem(of path: Path) throws { try disk.syncFileSystem(of: path) }
}
