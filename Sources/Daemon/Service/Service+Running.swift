internal import Configuration
internal import Errors
internal import Files
internal import Glibc
internal import Intake
internal import Jobs

extension Service {
  private static let maxInterruptions = 50

  /// Starts queued jobs in order of admission, one worker each.
  func startJobs(_ now: Double) throws {
    guard !isStopping else { return }
    while let job = nextJob(now) {
      jobs[job.id]?.isQueued = false
      if let original = try original(of: job) {
        try pointToOriginal(original, job)
      } else if spool.exists(job.id) {
        try start(job, now)
      } else {
        log.warning("the private copy is gone; it is made again", job: job.id)
        restore(job)
      }
    }
    if jobs.runCount == 0, let until = computing.until, until > now, let first = jobs.queued.first {
      jobs[first.id]?.wake = until
    }
  }

  private func start(_ job: Job, _ now: Double) throws {
    let number = job.attempt + 1
    let folder = layout.work(job.id, number)
    let output = layout.output(job.id, number)
    do {
      try operations.remove(folder)
      try operations.makeFolder(folder, mode: 0o700)
      try operations.makeFolder(output, mode: 0o700)
    } catch let error as FileError {
      computing.fail(at: now)
      log.error(
        "no work folder: \(error)", job: job.id, code: (error.isNoSpace ? ErrorCode.noSpace : ErrorCode.io).name)
      jobs[job.id]?.isQueued = true
      return
    }
    // Counted before it runs: a job that takes the daemon down with it is known by that.
    var attempt = Attempt(job: job.id, number: number)
    let isAlone = needsAll(job)
    breaker.tries(at: now)
    turns.gave(job.isUrgent)
    let token = memoryToken(job)
    if memoryWait == job.id { memoryWait = nil }
    var details = startFacts(job, isAlone: isAlone)
    details["memory_mb"] = token == .max ? nil : String(token)
    let next = try move(job, to: .running, Change(.started, details: details, attempt: attempt)) {
      $0.attempt = number
      $0.charges += 1
      $0.started = $0.started ?? attempt.started
      $0.error = nil
    }
    let handle = RunHandle(executor: executor.name, job: job.id, attempt: number)
    do {
      let command = try worker.run(
        next, input: layout.input(job.id), manifest: layout.inputManifest(job.id), output: output, in: folder,
        memory: configuration.memoryLimit > 0 ? token : nil)
      try executor.start(
        RunRequest(
          handle: handle, command: command, folder: folder, timeLimit: configuration.timeLimit, began: now,
          memory: token, threads: configuration.threads))
      jobs[job.id]?.run = Run(
        handle: handle, attempt: attempt, began: now, isAlone: isAlone, memory: min(token, memory.budget))
    } catch {
      attempt.ended = .now
      attempt.outcome = error.code.name
      try postpone(next, attempt, JobError(code: error.code.name, message: error.message))
    }
  }

  func runIsLate(_ handle: RunHandle) {
    guard jobs[handle.job]?.run?.handle == handle else { return }
    log.warning("a worker is over its time limit", job: handle.job, code: ErrorCode.timeout.name)
    jobs[handle.job]?.run?.isEnding = true
  }

  func runEnded(_ handle: RunHandle, _ end: RunReport) throws {
    let (id, number) = (handle.job, handle.attempt)
    guard let record = jobs[id], let run = record.run, run.handle == handle else { return }
    let job = record.job
    jobs[id]?.run = nil
    var attempt = run.attempt
    attempt.ended = .now
    attempt.exitCode = end.exit
    attempt.signal = end.signal
    attempt.wallSeconds = end.wallSeconds
    attempt.cpuSeconds = end.cpuSeconds
    attempt.peakKilobytes = end.peakKilobytes
    let report = end.exit == 0 ? nil : ResultFolder.readError(layout.output(id, number))
    try noteViolation(id, signal: end.signal)
    switch RunEnd(
      end, error: report?.error, needsReview: report?.needsReview ?? false,
      mayHaveMore: !run.isAlone && run.memory < memoryMost,
      maxAttempts: configuration.maxAttempts)
    {
    case .result:
      computing.clear()
      try noteSuccess()
      jobs[id]?.ended = attempt
      perform(publishQueue) { [folder = layout.output(id, number)] in
        .inspected(id, Result { try ResultFolder.verify(folder, job: id) })
      }
    case .refused(let error):
      computing.clear()
      try noteSuccess()
      attempt.outcome = error.code
      try fail(job, error, outcome: .rejected, attempt: attempt)
    case .review(let error):
      computing.clear()
      try noteSuccess()
      attempt.outcome = error.code
      attempt.charged = false
      try askForReview(job, error, attempt)
    case .retry(let error, let attempts):
      attempt.outcome = error.code
      let isOfTheStudy = [ErrorCode.timeout.name, ErrorCode.outOfMemory.name].contains(error.code)
      if !isOfTheStudy { try noteCrash(job, error.code) }
      try retry(job, attempt, error, attempts: attempts)
    case .deferred(let error):
      attempt.outcome = error.code
      try postpone(job, attempt, error)
    case .inputChanged(let error):
      attempt.outcome = error.code
      attempt.charged = false
      try recopy(job, error, attempt)
    case .interrupted:
      attempt.outcome = EventKind.interrupted.rawValue
      attempt.charged = false
      try requeueInterrupted(job, attempt, refund: true)
    case .cancelled(let actor):
      attempt.outcome = EventKind.cancelled.rawValue
      beginSweep(try move(job, to: .cancelled, Change(.cancelled, actor: actor, attempt: attempt)))
    }
  }

  /// Another run after a while, or the end.
  func retry(_ job: Job, _ attempt: Attempt, _ error: JobError, attempts: Int) throws {
    guard job.charges < attempts else {
      try fail(job, error, attempt: attempt)
      return
    }
    let delays = configuration.retry
    let delay = delays[min(max(0, job.charges - 1), delays.count - 1)]
    let details = ["code": error.code, "seconds": String(delay)]
    let next = try move(job, to: .retryWait, Change(.retrying, details: details, attempt: attempt)) { $0.error = error }
    jobs[next.id]?.wake = BootClock.now + delay
  }

  /// Not the study's fault: everything waits, and the run does not count.
  func postpone(_ job: Job, _ attempt: Attempt, _ error: JobError) throws {
    let now = BootClock.now
    computing.fail(at: now)
    var attempt = attempt
    attempt.charged = false
    log.error("computing pauses", job: job.id, code: error.code)
    let next = try move(job, to: .retryWait, Change(.deferred, details: ["code": error.code], attempt: attempt)) {
      $0.charges -= 1
      $0.error = error
    }
    jobs[next.id]?.wake = computing.until
  }

  /// A run was lost with the daemon or for its sake.
  func requeueInterrupted(_ job: Job, _ attempt: Attempt, refund: Bool) throws {
    let lost = job.interruptions + 1
    if !refund, lost > Self.maxInterruptions {
      try fail(
        job,
        JobError(
          code: ErrorCode.interrupted.name, message: "the daemon ended \(lost) times while this study was computed",
          hint: "see the log"),
        attempt: attempt)
      return
    }
    let next = try move(job, to: .queued, Change(.interrupted, attempt: attempt)) {
      $0.charges -= 1
      if !refund { $0.interruptions = lost }
    }
    if !isStopping { enqueue(next) }
  }

  /// Asks a run to end.
  func end(_ id: JobID, _ reason: KillReason) {
    guard let run = jobs[id]?.run else { return }
    jobs[id]?.run?.isEnding = true
    executor.cancel(run.handle, reason)
  }
}
