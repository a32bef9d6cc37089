internal import Glibc
internal import Synchronization

/// The children that this process started, as opposed to orphans that it inherited.
///
/// The first process of a container is the parent of every process there whose own parent has ended: a worker of a
/// killed command, or a background process. Until they are reaped after their end they stay in the table of
/// processes.
enum OwnChildren {
  /// Whether this is the first process of a system or container.
  static let isFirstProcess = getpid() == 1

  private static let known = Mutex<Set<pid_t>>([])

  /// Starts a child and remembers it; at no moment can it be mistaken for an orphan.
  ///
  /// - Returns: 0 and the child's id, or the value that `start` returns.
  static func started(_ start: (inout pid_t) -> Int32) -> (code: Int32, pid: pid_t) {
    known.withLock { known in
      var pid: pid_t = 0
      let code = start(&pid)
      if code == 0 { known.insert(pid) }
      return (code, pid)
    }
  }

  static func reaped(_ pid: pid_t) { _ = known.withLock { $0.remove(pid) } }

  /// Reaps ended children that this process did not start.
  ///
  /// An own child that has ended hides those after it until it is reaped, which its own message causes; the next call
  /// continues there.
  static func reapOthers() {
    known.withLock { known in
      for _ in 0..<1000 {
        var about = siginfo_t()
        guard waitid(P_ALL, 0, &about, WEXITED | WNOHANG | WNOWAIT) == 0 else { return }
        let pid = about._sifields._sigchld.si_pid
        guard pid > 0, !known.contains(pid) else { return }
        guard waitpid(pid, nil, WNOHANG) == pid else { return }
      }
    }
  }
}
