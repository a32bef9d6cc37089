internal import Glibc

/// A system call on a file failed.
package struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The operation that failed, for example `rename`.
  package var operation: String
  /// The `errno` value.
  package var code: Int32

  package init(_ operation: String, _ code: Int32) {
    self.operation = operation
    self.code = code
  }
}

extension FileError {
  /// No space, no inodes, over quota, or over a size limit: it may pass.
  package var isNoSpace: Bool { code == ENOSPC || code == EDQUOT || code == EFBIG }
  /// The name is taken already.
  package var isExisting: Bool { code == EEXIST || code == ENOTEMPTY }
  /// The file does not exist, or no longer.
  package var isMissing: Bool { code == ENOENT || code == ENOTDIR }
  /// Permissions, or a read-only file system, forbid it.
  package var isForbidden: Bool { code == EACCES || code == EPERM || code == EROFS }
  /// The disk or share fails, not the file: away, read-only, or the machine is short of a resource. It may pass.
  package var isOutage: Bool {
    [
      EROFS, ESTALE, ENOTCONN, ENODEV, ENXIO, EHOSTDOWN, EHOSTUNREACH, ETIMEDOUT, EBUSY, EAGAIN, EINTR, ENOMEM, EMFILE,
      ENFILE,
    ].contains(code) || isLostWrite
  }
  /// A read-only file system.
  package var isReadOnly: Bool { code == EROFS }
  /// The medium does not return the bytes.
  package var isUnreadable: Bool { code == EIO && ["read", "open", "stat", "seek", "list"].contains(operation) }
  /// Written bytes may be lost, whatever a second sync reports.
  package var isLostWrite: Bool { code == EIO && !isUnreadable }
  /// Two file systems are concerned.
  package var isAcrossFileSystems: Bool { code == EXDEV }

  /// The system's words for the code.
  package var reason: String { String(cString: strerror(code)) }

  package var description: String { "\(operation): \(reason)" }

  /// The code of a name that is there already.
  package static let existing = EEXIST
}
