internal import Errors
internal import Glibc

extension ErrorCode {
  /// Another daemon works on the same state folder.
  static let alreadyRunning = ErrorCode("E_ALREADY_RUNNING", .temporary)
}

/// The lock that makes a daemon the only one of its state folder. The kernel releases it with the process, however it
/// ends.
struct InstanceLock: ~Copyable {
  private let descriptor: Int32

  /// - Throws: `E_ALREADY_RUNNING` naming the other process, `E_IO`.
  init(_ path: String) throws(StudyError) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw StudyError(.io, "the lock cannot be opened: \(String(cString: strerror(errno)))", file: path)
    }
    // A daemon that was just killed may still have a child between fork and exec that shares the lock.
    var isLocked = flock(descriptor, LOCK_EX | LOCK_NB) == 0
    for _ in 0..<20 where !isLocked {
      usleep(50_000)
      isLocked = flock(descriptor, LOCK_EX | LOCK_NB) == 0
    }
    guard isLocked else {
      let owner = Self.owner(descriptor).map { ", process \($0)" } ?? ""
      throw StudyError(
        .alreadyRunning, "another daemon uses this state folder\(owner)",
        hint: "stop it first, or give this one a state folder of its own")
    }
    ftruncate(descriptor, 0)
    let own = Array("\(getpid())\n".utf8)
    _ = own.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The process that wrote its id into a lock file.
  static func owner(_ descriptor: Int32) -> pid_t? {
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    return pid_t(String(decoding: bytes.prefix(max(0, count)).filter { (0x30...0x39).contains($0) }, as: UTF8.self))
  }
}
