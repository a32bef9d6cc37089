internal import Glibc

/// What is left on a file system for us (statvfs(3)).
public struct FreeSpace: Sendable, Equatable {
  public var bytes: Int64
  /// Files that can still be made; nil where the file system does not count them.
  public var inodes: Int64?

  public init(bytes: Int64, inodes: Int64? = nil) {
    self.bytes = bytes
    self.inodes = inodes
  }

  /// Of the file system that a path lies on; nil when it cannot be asked.
  public init?(of path: Path) {
    var about = statvfs()
    guard path.withCString({ statvfs($0, &about) }) == 0 else { return nil }
    let (bytes, overflow) = Int64(clamping: about.f_bavail).multipliedReportingOverflow(by: Int64(about.f_frsize))
    self.bytes = overflow ? .max : bytes
    inodes = about.f_files == 0 ? nil : Int64(clamping: about.f_favail)
  }
}
