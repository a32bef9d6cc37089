internal import Glibc

/// The time of `state/lock`, set while the service's loop turns: `radiomicsd health` reads it. A lock alone is also
/// held by a daemon that hangs.
struct Heartbeat: Sendable {
  /// Seconds between two beats at most.
  static let interval = 10.0

  private let path: String

  init(_ path: String) { self.path = path }

  /// A disk that stores no time does not stop the service.
  func beat() { _ = utimensat(AT_FDCWD, path, nil, AT_SYMLINK_NOFOLLOW) }
}
