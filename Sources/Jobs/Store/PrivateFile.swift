internal import Errors
internal import Glibc

/// Files that only their owner may read.
enum PrivateFile {
  /// Creates an empty file that is private from its first moment, whatever the umask; an existing file stays unchanged.
  ///
  /// - Throws: `E_DATABASE`.
  static func make(_ path: String) throws(StudyError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    if descriptor < 0, errno == EEXIST { return }
    guard descriptor >= 0 else {
      let code = errno
      throw StudyError(
        code == ENOSPC ? .databaseFull : .database, "it cannot be made: \(String(cString: strerror(code)))", file: path,
        hint: "check free space and permissions of its folder")
    }
    fchmod(descriptor, 0o600)
    close(descriptor)
  }
}
