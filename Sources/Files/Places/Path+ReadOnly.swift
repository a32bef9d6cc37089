internal import Glibc

extension Path {
  /// Whether the path lies, or would lie, on a file system that is mounted read-only (statvfs(3), `ST_RDONLY`).
  package var isOnReadOnlyFileSystem: Bool {
    var about = statvfs()
    if withCString({ statvfs($0, &about) }) == 0 { return about.f_flag & UInt(ST_RDONLY) != 0 }
    guard errno == ENOENT, bytes.count > 1 else { return false }
    return parent.isOnReadOnlyFileSystem
  }
}
