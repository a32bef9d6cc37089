internal import Glibc

/// Space left on a file system for this process (statvfs(3)).
package struct FreeSpace: Sendable, Equatable {
  package var bytes: Int64
  /// Number of files that can still be made; nil where the file system does not count them.
  package var inodes: Int64?

  package init(bytes: Int64, inodes: Int64? = nil) {
    self.bytes = bytes
    self.inodes = inodes
  }

  /// Space on the file system that a path lies on; nil when it cannot be asked.
  package init?(of path: Path) {
    var about = statvfs()
    guard path.withCString({ statvfs($0, &about) }) == 0 else { return nil }
    let (bytes, overflow) = Int64(clamping: about.f_bavail).multipliedReportingOverflow(by: Int64(about.f_frsize))
    self.bytes = overflow ? .max : bytes
    inodes = about.f_files == 0 ? nil : Int64(clamping: about.f_favail)
  }
}
