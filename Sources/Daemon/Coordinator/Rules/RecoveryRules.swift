internal import Configuration
internal import Files
internal import Intake
internal import Jobs

/// Takes up the jobs of the last daemon: a job goes forward where the proof is on disk, otherwise back to the last
/// durable point. Every step is one transaction, so recovery may itself be interrupted.
enum RecoveryRules {
  static func found(_ core: inout Coordinator, _ job: Job, _ finding: Finding, _ now: BootTime) {
    core.jobs.put(job)
    switch (job.state, finding) {
    case (.claiming, .claim(let copy, let isTaken)): claim(&core, job, copy, isTaken, now)
    case (.queued, _): core.jobs[job.id]?.isQueued = true
    case (.retryWait, _): core.advance(job, .retryDue, now)
    case (.held, _), (.needsReview, _): core.show(job)
    case (.running, .run(let attempt, let status, let ending, let result, let sandbox)):
      run(&core, job, attempt, status, ending, result, sandbox, now)
    case (.publishing, .publication(let isLost)):
      if isLost { PublishRules.resultLost(&core, job, now) } else { PublishRules.begin(&core, job, now) }
    case (.done, _), (.rejected, _), (.failed, _), (.cancelled, _), (.duplicate, _):
      // Its end is on record, and may not have reached its user.
      core.show(job)
      CompareRules.awaitSecond(&core, job, now)
    case (.claiming, _), (.running, _), (.publishing, _): break
    }
  }

  private static func claim(
    _ core: inout Coordinator, _ job: Job, _ copy: TakenCopy?, _ isTaken: Bool, _ now: BootTime
  ) {
    if job.answer == nil, job.outcome == nil, let copy {
      IntakeRules.copied(&core, job, copy, .copyFound, now)
    } else if isTaken || job.answer != nil || job.leavesOriginal {
      core.perform(.discardCopy(job.id))
      // The drop may still be in the inbox; it is not a new study.
      if job.answer != nil {
        for entry in IntakeRules.places(of: job) { core.inbox.edit(entry) { $0.taken = .infinity } }
      }
      IntakeRules.begin(&core, job)
    } else {
      // Not renamed yet, or put back already.
      core.perform(.discardCopy(job.id))
      core.withdraw(job, reason: "daemon ended", now)
      core.perform(.discardClaim(job.id))
    }
  }

  private static func run(
    _ core: inout Coordinator, _ job: Job, _ attempt: Attempt, _ status: RunStatus, _ ending: RunEnding?,
    _ result: VerifiedResult?, _ sandbox: [String: String], _ now: BootTime
  ) {
    let handle = RunHandle(executor: core.options.executor, job: job.id, attempt: job.attempt)
    let token = core.scheduler.token(job, core.configuration)
    let adopted = Run(
      handle: handle, attempt: attempt, began: now, memory: min(token, core.scheduler.memory.budget), token: token)
    var attempt = attempt
    switch status {
    case .running:
      core.log(.info, "a run goes on", job: job.id)
      core.jobs[job.id]?.run = adopted
    case .ended:
      core.jobs[job.id]?.run = adopted
      if let ending { RunEndRules.ended(&core, handle, ending, now) }
    case .gone:
      if let result {
        attempt.outcome = JobState.done.rawValue
        RunEndRules.computed(&core, job, result, .resultFound, attempt, sandbox, now)
      } else {
        attempt.outcome = EventKind.interrupted.rawValue
        attempt.charged = false
        RunEndRules.interrupted(&core, job, attempt, refund: false, now)
      }
    }
  }
}
