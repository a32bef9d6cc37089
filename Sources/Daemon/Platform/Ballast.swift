internal import Files
internal import Glibc
internal import Intake

/// Room on the database's disk that is held for the day it is full: given up first, so that what happened can still be
/// written down.
struct Ballast: Sendable {
  static let bytes: Int64 = 16 << 20
  /// It is put back only where this much stays free besides.
  private static let margin: Int64 = 64 << 20

  private let path: Path

  init(_ state: Path) { path = state / "ballast" }

  /// Takes the room, where there is plenty.
  func take(_ free: FreeSpace?) {
    var about = stat()
    guard path.withCString({ lstat($0, &about) }) != 0, let free, free.bytes > Self.bytes + Self.margin else { return }
    let descriptor = path.withCString { open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600) }
    guard descriptor >= 0 else { return }
    let isTaken = posix_fallocate(descriptor, 0, off_t(Self.bytes)) == 0
    close(descriptor)
    if !isTaken { release() }
  }

  /// Gives the room up; true where there was any.
  @discardableResult
  func release() -> Bool { path.withCString(unlink) == 0 }
}
