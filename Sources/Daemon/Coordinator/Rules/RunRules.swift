internal import Configuration
internal import Errors
internal import Files
internal import Intake
internal import Jobs

/// How runs begin, and how they are ended.
enum RunRules {
  /// Starts queued jobs in order of admission, one at a time: each is prepared first (`prepared`).
  static func startJobs(_ core: inout Coordinator, _ now: BootTime) {
    guard !core.isStopping else { return }
    let view = core
    switch core.scheduler.next(core.jobs, core.configuration, at: now, isFree: { !hasTwinUnderWay(view, $0) }) {
    case .start(let id):
      guard let job = core.jobs[id]?.job else { return }
      core.jobs[id]?.isQueued = false
      core.jobs[id]?.isPreparing = true
      core.perform(.prepare(job, mayPoint: mayPoint(core, job)))
    case .measure: core.perform(.measureCapacity)
    case .waitForMemory(let id): showMemoryWait(&core, id)
    case .none: break
    }
  }

  static func measured(_ core: inout Coordinator, _ capacity: ExecutorCapacity, _ now: BootTime) {
    core.scheduler.memory.take(capacity)
    core.scheduler.isMeasured = true
    startJobs(&core, now)
  }

  /// Logs once why a job waits.
  private static func showMemoryWait(_ core: inout Coordinator, _ id: JobID) {
    guard core.scheduler.memoryWait != id, let job = core.jobs[id]?.job else { return }
    core.scheduler.memoryWait = id
    let token = core.scheduler.token(job, core.configuration)
    let (budget, given) = (core.scheduler.memory.budget, core.jobs.memory)
    core.log(
      .info, "waits for memory: \(token) MiB of \(budget), of which \(given) are given away", job: id)
    core.show(
      job,
      .init(
        "queued", "waits for memory: about \(token) MiB are needed, others have \(given) of \(budget)",
        job: id.text))
  }

  // MARK: Duplicates

  /// The same content is computed now, or its result is on its way to the outbox: this job will use it as well.
  static func hasTwinUnderWay(_ core: Coordinator, _ job: Job) -> Bool {
    guard mayPoint(core, job), job.inputDigest != nil else { return false }
    return core.jobs.jobs.contains { twin in
      twin.id != job.id && twin.inputDigest == job.inputDigest && mayPoint(core, twin)
        && (twin.state == .running || (twin.state == .publishing && twin.outcome == .done))
    }
  }

  /// Whether a job may point to an existing result: no operator requested this very job or made a choice for it.
  static func mayPoint(_ core: Coordinator, _ job: Job) -> Bool {
    job.retryOf == nil && job.choices == nil && core.jobs[job.id]?.isComputedAnyway != true
  }

  // MARK: Begin

  static func prepared(_ core: inout Coordinator, _ id: JobID, _ preparation: Preparation, _ now: BootTime) {
    core.jobs[id]?.isPreparing = false
    guard let job = core.jobs[id]?.job, job.state == .queued, !core.isStopping else {
      // The next daemon finds it queued; this one does not start it.
      if core.jobs[id]?.job.state == .queued { core.jobs[id]?.isQueued = true }
      return
    }
    switch preparation.readiness {
    case .original(let original) where mayPoint(core, job):
      core.advance(job, .sameResultExists, now, details: ["duplicate_of": original.id.text]) {
        $0.outcome = .duplicate
        $0.duplicateOf = original.id
      }
    case .original, .ready: start(&core, job, preparation, now)
    case .copyIsGone:
      core.log(.warning, "the private copy is gone; it is made again", job: id)
      core.perform(.copyAgain(job))
    case .noFolder(let error):
      core.scheduler.pause.fail(at: now)
      let code = error.isNoSpace ? ErrorCode.noSpace : ErrorCode.io
      core.log(.error, "no work folder: \(error)", job: id, code: code.name)
      core.jobs[id]?.isQueued = true
    }
    startJobs(&core, now)
  }

  /// Counted before it runs: this identifies a job that takes the daemon down with it.
  private static func start(_ core: inout Coordinator, _ job: Job, _ preparation: Preparation, _ now: BootTime) {
    var attempt = Attempt(job: job.id, number: job.attempt + 1)
    attempt.started = preparation.time
    let isAlone = core.scheduler.needsAll(job)
    let token = core.scheduler.token(job, core.configuration)
    core.scheduler.started(job, at: now)
    var details = preparation.facts
    details["threads"] = String(core.configuration.threads)
    details["memory_mb"] = token == .max ? nil : String(token)
    if core.options.executor != ProcessExecutor.name { details["executor"] = core.options.executor }
    if isAlone { details["memory"] = "alone, with more than before" }
    if job.isUrgent { details["priority"] = "urgent" }
    if let forced = job.forced { details["forced_by"] = forced.by }
    core.jobs[job.id]?.run = Run(
      handle: RunHandle(executor: core.options.executor, job: job.id, attempt: attempt.number), attempt: attempt,
      began: now, isAlone: isAlone, memory: min(token, core.scheduler.memory.budget), token: token)
    core.advance(job, .started, now, details: details, attempt: attempt) {
      $0.attempt = attempt.number
      $0.charges += 1
      $0.started = $0.started ?? attempt.started
      $0.error = nil
    }
  }

  /// The start is on record.
  static func launch(_ core: inout Coordinator, _ job: Job) {
    guard let run = core.jobs[job.id]?.run else { return }
    core.perform(
      .start(job, run.handle, memory: run.token, limit: core.configuration.memoryLimit > 0 ? run.token : nil))
  }

  static func startFailed(
    _ core: inout Coordinator, _ handle: RunHandle, _ error: StudyError, _ time: Timestamp, _ now: BootTime
  ) {
    guard let record = core.jobs[handle.job], let run = record.run, run.handle == handle else { return }
    core.jobs[handle.job]?.run = nil
    var attempt = run.attempt
    attempt.ended = time
    attempt.outcome = error.code.name
    RunEndRules.postpone(
      &core, record.job, attempt, JobError(code: error.code.name, message: error.message), now)
  }

  // MARK: End

  static func isLate(_ core: inout Coordinator, _ handle: RunHandle) {
    guard core.jobs[handle.job]?.run?.handle == handle else { return }
    core.log(.warning, "a worker is over its time limit", job: handle.job, code: ErrorCode.timeout.name)
    core.jobs[handle.job]?.run?.isEnding = true
  }

  /// Asks a run to end.
  static func end(_ core: inout Coordinator, _ id: JobID, _ reason: KillReason) {
    guard let run = core.jobs[id]?.run else { return }
    core.jobs[id]?.run?.isEnding = true
    core.perform(.cancel(run.handle, reason))
  }

  /// Ends runs when the time of a stopping daemon is over; they do not count.
  static func stopRuns(_ core: inout Coordinator, _ now: BootTime) {
    guard let stopAt = core.health.stopAt, now >= stopAt, !core.options.outlivesDaemon else { return }
    for (id, run) in core.jobs.runs where !run.isEnding { end(&core, id, .stopping) }
  }
}
