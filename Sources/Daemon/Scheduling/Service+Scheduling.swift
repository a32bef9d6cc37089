internal import Configuration
internal import Errors
internal import Jobs

/// Which queued job is next.
extension Service {
  /// The place in `queued` of the job to start now; nil where none may start.
  func nextPlace(_ now: Double) -> Int? {
    let most = min(computing.capacity(configuration.maxJobs, at: now), breaker.capacity(configuration.maxJobs, at: now))
    guard running.count < most, !running.values.contains(where: \.isAlone) else { return nil }
    let free = queued.indices.filter { !hasTwinUnderWay(queued[$0]) }
    guard var place = turns.next(of: free, isUrgent: { queued[$0].isUrgent }).map({ free[$0] }) else { return nil }
    // What has crashed already would tell nothing new.
    if breaker.isOpen, let other = free.first(where: { !breaker.crashed.contains(queued[$0].id) }) { place = other }
    return needsAll(queued[place]) && !running.isEmpty ? nil : place
  }

  /// The run before ended for want of memory: the next one gets twice as much, and the machine for itself.
  func needsAll(_ job: Job) -> Bool { job.error?.code == ErrorCode.outOfMemory.name }

  /// Why a job that is queued does not start; nil where it only waits for a place.
  var pauseReason: String? {
    guard breaker.isOpen else { return nil }
    return "computing is paused: workers crashed on \(breaker.crashed.count) different studies in a row;"
      + " one is tried every \(Int(breaker.interval)) s"
  }

  // MARK: Crashes

  /// A worker crashed for a reason that may not lie in its study.
  func noteCrash(_ job: Job, _ code: String) throws {
    guard breaker.crash(job.id, at: BootClock.now) else { return }
    log.error("workers crash on one different study after the other; computing pauses", job: job.id, code: code)
    let details = [
      "crashes": String(breaker.crashed.count), "probe_seconds": String(breaker.interval), "code": code,
    ]
    try record {
      try store.note(.softwareFault, details: details)
      try store.setValue(JobStore.pauseKey, pauseReason ?? "")
    }
    for job in queued { show(job) }
  }

  /// A worker ended as it should.
  func noteSuccess() throws {
    guard breaker.clear() else { return }
    log.info("a study was computed again; computing goes on")
    try record {
      try store.note(.resumed, details: ["what": "computing"])
      try store.setValue(JobStore.pauseKey, "")
    }
    for job in queued { show(job) }
  }

  /// The daemon before this one was paused for crashes: this one begins with one job.
  func restorePause() throws {
    guard let reason = try store.value(JobStore.pauseKey), !reason.isEmpty else { return }
    log.warning("the last daemon had paused computing after crashes; one study is tried first")
    breaker.reopen(at: BootClock.now)
  }
}
