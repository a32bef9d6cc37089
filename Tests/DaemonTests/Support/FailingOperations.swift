import Files
import Glibc
import Intake
import Synchronization

/// The disk, but operations of some kinds fail.
final class FailingOperations: FileOperations {
  private struct Fault {
    var kind: String
    var code: Int32
    var operation: String
    var ending: String
    var times: Int
  }

  private let disk = LinuxFileOperations()
  private let isHanging = Mutex(false)
  private let faults = Mutex<[Fault]>([])
  private let record = Mutex((failures: 0, copies: [String]()))

  /// - Parameters:
  ///   - kind: `copy` for private copies, `write to outbox` for what is published, `rename` for claims, `syncfs`.
  ///   - operation: what the error says has failed; the kind where it is nil.
  ///   - nameEndingIn: only for paths that end so.
  func fail(
    _ kind: String, with code: Int32, operation: String? = nil, nameEndingIn ending: String = "", times: Int = .max
  ) {
    let fault = Fault(kind: kind, code: code, operation: operation ?? kind, ending: ending, times: times)
    faults.withLock { $0 = $0.filter { $0.kind != kind } + [fault] }
  }

  /// From now on whoever looks into a shared folder waits until the disk is well again.
  func hang() { isHanging.withLock { $0 = true } }

  func look(_ path: Path) {
    while isHanging.withLock({ $0 }) { usleep(10_000) }
  }

  /// The disk is well again.
  func heal() {
    faults.withLock { $0 = [] }
    isHanging.withLock { $0 = false }
  }

  var failures: Int { record.withLock { $0.failures } }
  /// Where copies were begun.
  var copies: [String] { record.withLock { $0.copies } }

  private func check(_ kind: String, _ path: Path) throws {
    let text = String(decoding: path.bytes, as: UTF8.self)
    let name = text.contains("/outbox/") ? "write to outbox" : kind
    let error: FileError? = faults.withLock { faults in
      guard let at = faults.firstIndex(where: { $0.kind == name && $0.times > 0 && text.hasSuffix($0.ending) })
      else { return nil }
      faults[at].times -= 1
      return FileError(faults[at].operation, faults[at].code)
    }
    guard let error else { return }
    record.withLock { $0.failures += 1 }
    throw error
  }

  func makeFolder(_ path: Path, mode: UInt32) throws { try disk.makeFolder(path, mode: mode) }
  func rename(_ from: Path, to: Path) throws {
    // The state folder's own renames are no claims.
    if String(decoding: from.bytes, as: UTF8.self).contains("/inbox/") { try check("rename", from) }
    try disk.rename(from, to: to)
  }
  func remove(_ path: Path) throws { try disk.remove(path) }
  func copy(_ descriptor: Int32, to path: Path, mode: UInt32) throws -> (sha256: String, bytes: Int64) {
    record.withLock { $0.copies.append(String(decoding: path.bytes, as: UTF8.self)) }
    try check("copy", path)
    return try disk.copy(descriptor, to: path, mode: mode)
  }
  func write(_ bytes: [UInt8], to path: Path, mode: UInt32) throws {
    try check("write", path)
    try disk.write(bytes, to: path, mode: mode)
  }
  func sync(_ path: Path) throws { try disk.sync(path) }
  func syncFileSystem(of path: Path) throws {
    try check("syncfs", path)
    try disk.syncFileSystem(of: path)
  }
}
