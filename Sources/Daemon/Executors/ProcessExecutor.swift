internal import Configuration
package import Errors
internal import Files
internal import Glibc
internal import Intake
internal import Jobs
internal import Synchronization

/// Runs workers as child processes of the daemon. They end with it, so no run survives a daemon.
///
/// Start runs on a thread that lives as long as the daemon (see `Child`).
package final class ProcessExecutor: JobExecutor {
  package static let name = "process"
  /// Seconds between asking a worker to end and killing it.
  private static let killGrace = 5.0

  private struct Running {
    var child: Child
    var began: Double
    /// When it is asked to end, or killed.
    var deadline: Double
    var killReason: KillReason?
    /// How often processes were killed for memory before it started.
    var memoryKills: Int?
  }

  private let running = Mutex<[RunHandle: Running]>([:])
  private let report: @Sendable (RunHandle, RunNews) -> Void

  /// - Parameter report: called from any thread.
  package init(report: @escaping @Sendable (RunHandle, RunNews) -> Void) { self.report = report }

  package var name: String { Self.name }
  package var outlivesDaemon: Bool { false }

  package func capacity(configured memory: Int) -> ExecutorCapacity {
    ExecutorCapacity(memory: MachineMemory.budget(configured: memory) ?? .max)
  }

  package func start(_ request: RunRequest) throws(StudyError) {
    let log = (request.folder / "worker.log").withCString { open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
    defer { if log >= 0 { close(log) } }
    let handle = request.handle
    // The lock is held: a child that ends at once is not looked for before it is known.
    try running.withLock { (running) throws(StudyError) in
      let kills = MemoryEvents.kills
      let child = try Child.start(request.command, folder: request.folder, errors: log) { [weak self] in
        self?.ended(handle)
      }
      running[handle] = Running(
        child: child, began: request.began, deadline: request.began + request.timeLimit, memoryKills: kills)
    }
  }

  /// On the thread that waits for the child.
  private func ended(_ handle: RunHandle) {
    let ended: (run: Running, end: Child.End)? = running.withLock { running in
      // Reaped under the lock, so that no signal is sent to a process that has taken over its id.
      running.removeValue(forKey: handle).map { ($0, $0.child.reap()) }
    }
    guard let (run, end) = ended else { return }
    var news = RunReport(exit: end.exit, signal: end.signal)
    news.wallSeconds = BootClock.now - run.began
    news.cpuSeconds = end.cpuSeconds
    news.peakKilobytes = end.peakKilobytes
    news.killReason = run.killReason
    news.ranOutOfMemory = (MemoryEvents.kills ?? 0) > (run.memoryKills ?? .max)
    report(handle, .ended(news))
  }

  package func cancel(_ handle: RunHandle, _ reason: KillReason) {
    running.withLock { running in
      guard running[handle] != nil else { return }
      running[handle]?.killReason = reason
      running[handle]?.deadline = BootClock.now + Self.killGrace
      running[handle]?.child.signal(SIGTERM)
    }
  }

  /// Workers ask the kernel to be killed with their parent.
  package func status(of runs: [RunHandle]) -> [RunHandle: RunStatus] {
    Dictionary(runs.map { ($0, RunStatus.gone) }) { first, _ in first }
  }

  package func enforceLimits(at now: Double) -> Double? {
    let (late, next) = running.withLock { running in
      var late: [RunHandle] = []
      for (handle, run) in running where run.deadline <= now {
        if run.killReason == nil {
          late.append(handle)
          running[handle]?.killReason = .timeout
          run.child.signal(SIGTERM)
        } else {
          run.child.signal(SIGKILL)
        }
        running[handle]?.deadline = now + Self.killGrace
      }
      return (late, running.values.map(\.deadline).min())
    }
    for handle in late { report(handle, .overTime) }
    return next
  }
}
