internal import Configuration
internal import Errors
internal import Files
internal import Glibc
internal import Intake
internal import Jobs

extension Service {
  private static let maxInterruptions = 50
  /// Seconds between asking a worker to end and killing it.
  private static let killGrace = 5.0

  /// Starts queued jobs in order of admission, one worker each.
  func startJobs(_ now: Double) throws {
    guard !isStopping else { return }
    while let place = nextPlace(now) {
      let job = queued.remove(at: place)
      if let original = try original(of: job) {
        try pointToOriginal(original, job)
      } else if spool.exists(job.id) {
        try start(job, now)
      } else {
        log.warning("the private copy is gone; it is made again", job: job.id)
        restore(job)
      }
    }
    if !queued.isEmpty, running.isEmpty, let until = computing.until, until > now { wake[queued[0].id] = until }
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
      queued.insert(job, at: 0)
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
    let errors = (folder / "worker.log").withCString { open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
    defer { if errors >= 0 { close(errors) } }
    do {
      let child = try Child.start(
        try worker.run(
          next, input: layout.input(job.id), manifest: layout.inputManifest(job.id), output: output, in: folder,
          memory: configuration.memoryLimit > 0 ? token : nil),
        folder: folder, errors: errors,
        ended: { [mailbox] in mailbox.post(.runEnded(job.id, attempt: number)) })
      running[job.id] = Run(
        child: child, attempt: attempt, began: now, deadline: now + configuration.timeLimit,
        memoryKills: MemoryEvents.kills, isAlone: isAlone, memory: min(token, memory.budget))
    } catch {
      attempt.ended = .now
      attempt.outcome = error.code.name
      try postpone(next, attempt, JobError(code: error.code.name, message: error.message))
    }
  }

  func runEnded(_ id: JobID, _ number: Int) throws {
    guard let run = running[id], run.attempt.number == number, let job = jobs[id] else { return }
    let end = run.child.reap()
    running[id] = nil
    var attempt = run.attempt
    attempt.ended = .now
    attempt.exitCode = end.exit
    attempt.signal = end.signal
    attempt.wallSeconds = BootClock.now - run.began
    attempt.cpuSeconds = end.cpuSeconds
    attempt.peakKilobytes = end.peakKilobytes
    let report = end.exit == 0 ? nil : ResultFolder.readError(layout.output(id, number))
    try noteViolation(id, signal: end.signal)
    let outOfMemory = (MemoryEvents.kills ?? 0) > (run.memoryKills ?? .max)
    switch RunEnd(
      end, kill: run.killReason, error: report?.error, needsReview: report?.needsReview ?? false,
      outOfMemory: outOfMemory, mayHaveMore: !run.isAlone && run.memory < memoryMost,
      maxAttempts: configuration.maxAttempts)
    {
    case .result:
      computing.clear()
      try noteSuccess()
      ended[id] = attempt
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
    wake[next.id] = BootClock.now + delay
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
    wake[next.id] = computing.until
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

  /// Ends workers that take too long, and kills those that will not end.
  func limitRuns(_ now: Double) {
    for (id, run) in running where run.deadline <= now {
      if run.killReason == nil {
        log.warning("a worker is over its time limit", job: id, code: ErrorCode.timeout.name)
        end(id, .timeout, now)
      } else {
        run.child.signal(SIGKILL)
        running[id]?.deadline = now + Self.killGrace
      }
    }
  }

  /// Asks a worker to end; `limitRuns` kills it when it does not.
  func end(_ id: JobID, _ reason: KillReason, _ now: Double) {
    guard let run = running[id] else { return }
    running[id]?.killReason = reason
    running[id]?.deadline = now + Self.killGrace
    run.child.signal(SIGTERM)
  }
}
