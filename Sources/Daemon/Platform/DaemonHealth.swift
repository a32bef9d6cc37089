package import Errors
internal import Glibc

extension ErrorCode {
  /// No daemon works on the state folder, or it hangs.
  static let notAlive = ErrorCode("E_NOT_ALIVE", .temporary)
}

/// Whether a daemon works on a state folder: its lock is held, and its loop has turned a short while ago.
package struct DaemonHealth: Sendable, Equatable {
  /// The daemon's process id, in its own numbering: 1 in a container.
  package var process: Int32
  /// Seconds since its last sign of life.
  package var age: Double

  /// Seconds without a sign of life after which it counts as hanging.
  package static let patience = 60.0

  /// - Throws: `E_NOT_ALIVE`, `E_IO` where the lock may not be read.
  package init(state: String) throws(StudyError) {
    let path = state + "/lock"
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { throw Self.failure("no daemon has worked on this state folder", path) }
      throw StudyError(
        .io, "the daemon's lock cannot be read: \(String(cString: strerror(errno)))", file: path,
        hint: "run this as the daemon's user")
    }
    defer { close(descriptor) }
    // Held by the daemon alone; a shared lock delays a daemon that is just starting only while this tries.
    if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { throw Self.failure("no daemon works on this state folder", path) }
    var about = stat()
    var now = timespec()
    guard fstat(descriptor, &about) == 0, clock_gettime(CLOCK_REALTIME, &now) == 0 else {
      throw StudyError(.io, "the daemon's lock cannot be looked at: \(String(cString: strerror(errno)))", file: path)
    }
    process = InstanceLock.owner(descriptor) ?? 0
    // After a clock was set back the last sign of life lies in the future.
    age = max(0, Self.seconds(now) - Self.seconds(about.st_mtim))
    guard age <= Self.patience else {
      throw Self.failure("the daemon, process \(process), has given no sign of life for \(Int(age)) s", path)
    }
  }

  private static func seconds(_ time: timespec) -> Double { Double(time.tv_sec) + Double(time.tv_nsec) / 1e9 }

  private static func failure(_ message: String, _ path: String) -> StudyError {
    StudyError(.notAlive, message, file: path, hint: "see the daemon's log; start it, or start it again")
  }
}
