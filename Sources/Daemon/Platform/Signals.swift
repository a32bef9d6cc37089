internal import Foundation
internal import Glibc

/// Signals as messages: a thread of its own waits for them, so no handler ever interrupts other code.
enum Signals {
  /// Call before any other thread is made, because threads inherit the blocked signals.
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
