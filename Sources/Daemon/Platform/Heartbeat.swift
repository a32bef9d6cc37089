internal import Glibc

/// The time of `state/lock`, set while the service's loop turns: what `radiomicsd health` looks at. A lock alone is also
/// held by a daemon that hangs.
struct Heartbeat: Sendable {
  /// Seconds between two beats at most.
  static let interval = 10.0

  private let path: String

  init(_ path: String) { self.path = path }

  /// A disk that takes no time is no reason to stop.
  func beat() { _ = utimensat(AT_FDCWD, path, nil, AT_SYMLINK_NOFOLLOW) }
}
