internal import Glibc

/// A system call on a file failed.
public struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was tried, for example `rename`.
  public var operation: String
  /// The `errno` value.
  public var code: Int32

  public init(_ operation: String, _ code: Int32) {
    self.operation = operation
    self.code = code
  }
}

extension FileError {
  /// No space, no inodes, over quota, over a size limit: it may pass.
  public var isNoSpace: Bool { code == ENOSPC || code == EDQUOT || code == EFBIG }
  /// Something of that name is there already.
  public var isExisting: Bool { code == EEXIST || code == ENOTEMPTY }
  /// It is not there, or no longer.
  public var isMissing: Bool { code == ENOENT || code == ENOTDIR }
  /// Permissions, or a read-only file system, forbid it.
  public var isForbidden: Bool { code == EACCES || code == EPERM || code == EROFS }
  /// The disk or share is in the way, not the file: away, read-only, or the machine short of something. It may pass.
  public var isOutage: Bool {
    [
      EROFS, ESTALE, ENOTCONN, ENODEV, ENXIO, EHOSTDOWN, EHOSTUNREACH, ETIMEDOUT, EBUSY, EAGAIN, EINTR, ENOMEM, EMFILE,
      ENFILE,
    ].contains(code) || isLostWrite
  }
  /// A read-only file system.
  public var isReadOnly: Bool { code == EROFS }
  /// The medium does not give the bytes back.
  public var isUnreadable: Bool { code == EIO && ["read", "open", "stat", "seek", "list"].contains(operation) }
  /// What was written may be lost, whatever a second sync says.
  public var isLostWrite: Bool { code == EIO && !isUnreadable }
  /// Two file systems are concerned.
  public var isAcrossFileSystems: Bool { code == EXDEV }

  /// The system's words for the code.
  package var reason: String { String(cString: strerror(code)) }

  public var description: String { "\(operation): \(reason)" }

  /// The code of a name that is there already.
  package static let existing = EEXIST
}
