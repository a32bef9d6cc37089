internal import Configuration
internal import Errors
internal import Files
internal import Intake
internal import Jobs

/// Which queued job is next.
extension Service {
  /// The queued job to start now; nil where none may start.
  func nextJob(_ now: Double) -> Job? {
    let most = min(computing.capacity(configuration.maxJobs, at: now), breaker.capacity(configuration.maxJobs, at: now))
    let runs = jobs.runs
    guard runs.count < most, !runs.contains(where: \.run.isAlone) else { return nil }
    let queued = jobs.queued
    let free = queued.indices.filter { !hasTwinUnderWay(queued[$0]) }
    guard var place = turns.next(of: free, isUrgent: { queued[$0].isUrgent }).map({ free[$0] }) else { return nil }
    // What has crashed already would tell nothing new.
    if breaker.isOpen, let other = free.first(where: { !breaker.crashed.contains(queued[$0].id) }) { place = other }
    // With one at a time there is nothing to share out.
    if runs.isEmpty { memory.take(executor.capacity(configured: configuration.memoryBudget)) }
    let order =
      [place] + free.filter { $0 != place && queued[$0].isUrgent } + free.filter { $0 != place && !queued[$0].isUrgent }
    let given = jobs.memory
    let choice = memory.choose(
      of: order.map { (queued[$0].id, needsAll(queued[$0]) ? Int.max : memoryToken(queued[$0])) }, given: given,
      isIdle: runs.isEmpty)
    if choice == nil { showMemoryWait(queued[place], given) }
    return choice.map { queued[order[$0]] }
  }

  /// MiB that a run of a job is given: what it is thought to take, no more than one job or all together may have. Nobody
  /// knows of a job without an estimate: it may take all that one may.
  func memoryToken(_ job: Job) -> Int {
    let most = memoryMost
    let token = min(job.memory ?? most, most)
    guard needsAll(job) else { return token }
    // The run before was too small, and this one has the machine for itself.
    return max(min(token, .max / 2) * 2, most)
  }

  /// MiB that one run may be given beside others.
  var memoryMost: Int {
    configuration.memoryLimit > 0 ? min(configuration.memoryLimit, memory.budget) : memory.budget
  }

  /// Says once what a job waits for.
  private func showMemoryWait(_ job: Job, _ given: Int) {
    guard memoryWait != job.id else { return }
    memoryWait = job.id
    let token = memoryToken(job)
    log.info("waits for memory: \(token) MiB of \(memory.budget), of which \(given) are given away", job: job.id)
    guard let name = FileName(job.studyBytes) else { return }
    status.show(
      name,
      .init(
        "queued", "waits for memory: about \(token) MiB are needed, others have \(given) of \(memory.budget)",
        job: job.id.text))
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
      try store.note(.softwareFault, details: details, setting: [JobStore.pauseKey: pauseReason ?? ""])
    }
    for job in jobs.queued { show(job) }
  }

  /// A worker ended as it should.
  func noteSuccess() throws {
    guard breaker.clear() else { return }
    log.info("a study was computed again; computing goes on")
    try record {
      try store.note(.resumed, details: ["what": "computing"], setting: [JobStore.pauseKey: ""])
    }
    for job in jobs.queued { show(job) }
  }

  /// The daemon before this one was paused for crashes: this one begins with one job.
  func restorePause() throws {
    if try store.outboxReason() != nil { try store.setValue(JobStore.outboxKey, "") }
    if try store.stallReason() != nil { try store.setValue(JobStore.stallKey, "") }
    guard let reason = try store.value(JobStore.pauseKey), !reason.isEmpty else { return }
    log.warning("the last daemon had paused computing after crashes; one study is tried first")
    breaker.reopen(at: BootClock.now)
  }
}
