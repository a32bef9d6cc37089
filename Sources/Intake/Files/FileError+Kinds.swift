internal import Glibc

extension FileError {
  /// No space, no inodes, over quota, over a size limit: it may pass.
  public var isNoSpace: Bool { code == ENOSPC || code == EDQUOT || code == EFBIG }
  /// Something of that name is there already.
  public var isExisting: Bool { code == EEXIST || code == ENOTEMPTY }
  /// It is not there, or no longer.
  public var isMissing: Bool { code == ENOENT || code == ENOTDIR }
  /// Permissions, or a read-only file system, forbid it.
  public var isForbidden: Bool { code == EACCES || code == EPERM || code == EROFS }
  /// Two file systems are concerned.
  public var isAcrossFileSystems: Bool { code == EXDEV }

  public var description: String { "\(operation): \(String(cString: strerror(code)))" }
}
