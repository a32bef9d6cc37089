internal import Configuration
internal import Errors
internal import Files
internal import Glibc
internal import Intake
internal import Jobs

/// Consequences of the way a run ended (`RunEnd`).
enum RunEndRules {
  private static let maxInterruptions = 50

  static func ended(_ core: inout Coordinator, _ handle: RunHandle, _ ending: RunEnding, _ now: BootTime) {
    guard let record = core.jobs[handle.job], let run = record.run, run.handle == handle else { return }
    let (id, job) = (handle.job, record.job)
    let report = ending.report
    core.jobs[id]?.run = nil
    var attempt = run.attempt
    attempt.ended = ending.time
    attempt.exitCode = report.exit
    attempt.signal = report.signal
    attempt.wallSeconds = report.wallSeconds
    attempt.cpuSeconds = report.cpuSeconds
    attempt.peakKilobytes = report.peakKilobytes
    noteViolation(&core, id, signal: report.signal)
    let mayHaveMore = !run.isAlone && run.memory < core.scheduler.most(core.configuration)
    switch RunEnd(
      report, error: ending.error, needsReview: ending.needsReview, mayHaveMore: mayHaveMore,
      maxAttempts: core.configuration.maxAttempts)
    {
    case .result:
      wentWell(&core)
      core.jobs[id]?.ended = attempt
      core.perform(.verify(job))
    case .refused(let error):
      wentWell(&core)
      attempt.outcome = error.code
      core.advance(job, .refused, now, details: ["code": error.code], attempt: attempt) {
        $0.outcome = .rejected
        $0.error = error
      }
    case .review(let error):
      wentWell(&core)
      attempt.outcome = error.code
      attempt.charged = false
      core.advance(job, .choiceNeeded, now, details: ["code": error.code], attempt: attempt) {
        $0.charges -= 1
        $0.outcome = .needsReview
        $0.error = error
      }
    case .retry(let error, let attempts):
      attempt.outcome = error.code
      let isOfTheStudy = [ErrorCode.timeout.name, ErrorCode.outOfMemory.name].contains(error.code)
      if !isOfTheStudy { crashed(&core, job, error.code, now) }
      retry(&core, job, attempt, error, attempts: attempts, now)
    case .deferred(let error):
      attempt.outcome = error.code
      postpone(&core, job, attempt, error, now)
    case .inputChanged(let error):
      attempt.outcome = error.code
      attempt.charged = false
      CopyRules.inputDamaged(&core, job, error, attempt, now)
    case .interrupted:
      attempt.outcome = EventKind.interrupted.rawValue
      attempt.charged = false
      interrupted(&core, job, attempt, refund: true, now)
    case .cancelled(let actor):
      attempt.outcome = EventKind.cancelled.rawValue
      core.advance(job, .cancelled, now, actor: actor, attempt: attempt)
    }
  }

  static func verified(
    _ core: inout Coordinator, _ id: JobID, _ result: Result<VerifiedResult, any Error>, _ sandbox: [String: String],
    _ now: BootTime
  ) {
    guard let record = core.jobs[id], record.job.state == .running, var attempt = record.ended else { return }
    core.jobs[id]?.ended = nil
    switch result {
    case .success(let result):
      attempt.outcome = JobState.done.rawValue
      computed(&core, record.job, result, .verified, attempt, sandbox, now)
    case .failure(let error):
      let reason = (error as? StudyError)?.message ?? "the result cannot be read: \(error)"
      let fault = JobError(code: "E_RESULT_INVALID", message: reason, hint: "keep the study and report it")
      attempt.outcome = fault.code
      retry(&core, record.job, attempt, fault, attempts: core.configuration.maxAttempts, now)
    }
  }

  /// A verified result is there: it is recorded, then published.
  static func computed(
    _ core: inout Coordinator, _ job: Job, _ verified: VerifiedResult, _ turn: StudyLifecycle.Turn, _ attempt: Attempt,
    _ sandbox: [String: String], _ now: BootTime
  ) {
    var details = sandbox.merging(["manifest_sha256": verified.manifestSHA256]) { $1 }
    details.merge(verified.shadow) { own, _ in own }
    details["files"] = verified.files.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    details["wall_seconds"] = attempt.wallSeconds.map { String(($0 * 1000).rounded() / 1000) }
    details["cpu_seconds"] = attempt.cpuSeconds.map { String(($0 * 1000).rounded() / 1000) }
    details["peak_kilobytes"] = attempt.peakKilobytes.map { String($0) }
    if let forced = job.forced { details["forced_by"] = forced.by }
    core.advance(job, turn, now, details: details, attempt: attempt, result: verified.record) {
      $0.outcome = .done
      $0.error = nil
    }
  }

  /// Another run after a while, or the end.
  private static func retry(
    _ core: inout Coordinator, _ job: Job, _ attempt: Attempt, _ error: JobError, attempts: Int, _ now: BootTime
  ) {
    guard job.charges < attempts else { return core.giveUp(job, error, now, attempt: attempt) }
    let delays = core.configuration.retry
    let delay = delays[min(max(0, job.charges - 1), delays.count - 1)]
    let details = ["code": error.code, "seconds": String(delay)]
    core.advance(job, .runFailed, now, details: details, attempt: attempt) { $0.error = error }
    core.jobs[job.id]?.wake = now + delay
  }

  /// Not the study's fault: all jobs wait, and the run does not count.
  static func postpone(
    _ core: inout Coordinator, _ job: Job, _ attempt: Attempt, _ error: JobError, _ now: BootTime
  ) {
    core.scheduler.pause.fail(at: now)
    var attempt = attempt
    attempt.charged = false
    core.log(.error, "computing pauses", job: job.id, code: error.code)
    core.advance(job, .runDeferred, now, details: ["code": error.code], attempt: attempt) {
      $0.charges -= 1
      $0.error = error
    }
    core.jobs[job.id]?.wake = core.scheduler.pause.until
  }

  /// A run was lost with the daemon, or was ended by it.
  static func interrupted(
    _ core: inout Coordinator, _ job: Job, _ attempt: Attempt, refund: Bool, _ now: BootTime
  ) {
    let lost = job.interruptions + 1
    if !refund, lost > maxInterruptions {
      let error = JobError(
        code: ErrorCode.interrupted.name, message: "the daemon ended \(lost) times while this study was computed",
        hint: "see the log")
      return core.giveUp(job, error, now, attempt: attempt)
    }
    core.advance(job, .interrupted, now, attempt: attempt) {
      $0.charges -= 1
      if !refund { $0.interruptions = lost }
    }
  }

  // MARK: The machine

  /// Records that a file made a worker try to break out.
  private static func noteViolation(_ core: inout Coordinator, _ job: JobID, signal: Int32?) {
    guard signal == SIGSYS else { return }
    core.log(.error, "a worker tried to leave its sandbox", job: job, code: ErrorCode.sandboxViolation.name)
    core.perform(.note(Note(kind: .security, job: job, details: ["what": "forbidden system call"])))
  }

  /// A worker crashed for a reason that may not lie in its study.
  private static func crashed(_ core: inout Coordinator, _ job: Job, _ code: String, _ now: BootTime) {
    guard core.scheduler.breaker.crash(job.id, at: now) else { return }
    core.log(
      .error, "workers crash on one different study after the other; computing pauses", job: job.id, code: code)
    let breaker = core.scheduler.breaker
    let details = [
      "crashes": String(breaker.crashed.count), "probe_seconds": String(breaker.interval), "code": code,
    ]
    core.perform(
      .note(
        Note(
          kind: .softwareFault, details: details,
          values: [JobStore.pauseKey: core.scheduler.pauseReason ?? ""])))
    for job in core.jobs.queued { core.show(job) }
  }

  /// A worker ended as it should: with a result, or with a reason.
  private static func wentWell(_ core: inout Coordinator) {
    core.scheduler.pause.clear()
    guard core.scheduler.breaker.clear() else { return }
    core.log(.info, "a study was computed again; computing goes on")
    core.perform(
      .note(Note(kind: .resumed, details: ["what": "computing"], values: [JobStore.pauseKey: ""])))
    for job in core.jobs.queued { core.show(job) }
  }
}
