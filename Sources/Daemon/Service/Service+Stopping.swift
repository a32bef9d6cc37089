internal import Configuration
internal import Glibc
internal import Jobs

extension Service {
  func signalled(_ number: Int32) throws {
    switch number {
    case SIGHUP: try reload()
    case SIGUSR1: dump()
    default: stopRequested()
    }
  }

  /// The first request lets running jobs go on for a while, the second does not.
  func stopRequested() {
    let now = BootClock.now
    if isStopping {
      stopAt = now
      return
    }
    log.info("stopping")
    isStopping = true
    stopAt = now + configuration.stopGrace
    notifier.stopping()
    // Workers that must be killed and a share that hangs take their time beyond the grace.
    notifier.extend(seconds: configuration.stopGrace + 30)
    stopWatcher()
    for entry in entries.values { entry.probe?.child.signal(SIGKILL) }
  }

  /// Ends workers when their time is over; the runs do not count.
  func stopWorkers(_ now: Double) {
    guard now >= stopAt, !executor.outlivesDaemon else { return }
    for (id, run) in jobs.runs where !run.isEnding { end(id, .stopping) }
  }

  /// Nothing is under way any more; a share that hangs is not waited for beyond 15 s.
  func isQuiet(at now: Double) -> Bool {
    (jobs.runCount == 0 || executor.outlivesDaemon)
      && ((inFlight == 0 && !entries.values.contains { $0.probe != nil }) || now > stopAt + 15)
  }
}
