internal import Foundation
internal import Glibc

/// Signals as messages: a thread of its own waits for them, so no handler ever runs in the middle of something.
enum Signals {
  /// Call before any other thread is made, which inherits what is blocked here.
  static func deliver(_ signals: [Int32], to receiver: @escaping @Sendable (Int32) -> Void) {
    signal(SIGPIPE, SIG_IGN)
    // A file over RLIMIT_FSIZE is a full disk, not the end of the daemon.
    signal(SIGXFSZ, SIG_IGN)
    var set = sigset_t()
    sigemptyset(&set)
    for number in signals { sigaddset(&set, number) }
    pthread_sigmask(SIG_BLOCK, &set, nil)
    let awaited = set
    Thread.detachNewThread {
      var awaited = awaited
      while true {
        var number: Int32 = 0
        if sigwait(&awaited, &number) == 0 { receiver(number) }
      }
    }
  }
}
