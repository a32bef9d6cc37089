internal import Configuration
internal import Files
internal import Hashing
internal import Intake
internal import Jobs

/// Requests of operators.
enum RequestRules {
  /// - Parameter stored: the job as it is on record, where it is not an open one.
  static func requested(
    _ core: inout Coordinator, _ name: JobID, _ request: JobRequest, _ stored: Job?, _ now: BootTime
  ) {
    let actor = "user:" + String(request.actor.prefix(64))
    guard let id = JobID(request.job), let job = core.jobs[id]?.job ?? stored else {
      return answer(&core, name, request, actor, JobAnswer(accepted: false, message: "there is no such job"))
    }
    if request.verb == .retry, job.state.isFinal, request.force != nil || job.state != .done {
      return retryFinished(&core, name, request, job, actor, now)
    }
    answer(&core, name, request, actor, act(&core, request, job, actor, now))
  }

  private static func answer(
    _ core: inout Coordinator, _ name: JobID, _ request: JobRequest, _ actor: String, _ answer: JobAnswer
  ) {
    let job = JobID(request.job)
    core.log(.info, "request \(request.verb.rawValue) \(answer.accepted ? "accepted" : "refused")", job: job)
    if !answer.accepted {
      core.perform(
        .note(Note(kind: .requestRefused, job: job, actor: actor, details: ["verb": request.verb.rawValue])))
    }
    core.perform(.answer(name, answer))
  }

  private static func act(
    _ core: inout Coordinator, _ request: JobRequest, _ job: Job, _ actor: String, _ now: BootTime
  ) -> JobAnswer {
    if request.force != nil {
      return JobAnswer(accepted: false, message: "only a finished job can be tried again by force")
    }
    switch (request.verb, job.state) {
    case (.cancel, .queued), (.cancel, .retryWait), (.cancel, .held), (.cancel, .needsReview):
      unschedule(&core, job)
      core.advance(job, .cancelled, now, actor: actor)
      return JobAnswer(accepted: true, message: "cancelled")
    case (.cancel, .running) where core.jobs[job.id]?.run != nil:
      RunRules.end(&core, job.id, .cancelled(actor: actor))
      return JobAnswer(accepted: true, message: "the worker is being ended")
    case (.hold, .queued), (.hold, .retryWait), (.hold, .needsReview):
      unschedule(&core, job)
      core.advance(job, .held, now, actor: actor)
      return JobAnswer(accepted: true, message: "held")
    case (.resolve, .needsReview):
      return ReviewRules.resolve(&core, job, request.choices ?? JobChoices(), actor: actor, now)
    case (.resolve, .held) where job.outcome == .needsReview:
      return JobAnswer(accepted: false, message: "the job is held: release it first")
    case (.release, .held) where job.outcome == .needsReview:
      core.advance(job, .releasedToChoice, now, actor: actor)
      return JobAnswer(accepted: true, message: "released; it waits for a choice")
    case (.release, .held), (.retry, .retryWait):
      unschedule(&core, job)
      core.advance(job, request.verb == .release ? .released : .retryRequested, now, actor: actor)
      return JobAnswer(accepted: true, message: "queued")
    case (.purge, _): return SweepRules.purge(&core, job, actor: actor)
    default:
      return JobAnswer(
        accepted: false, message: "a job that is \(job.state.rawValue) cannot take \(request.verb.rawValue)")
    }
  }

  private static func unschedule(_ core: inout Coordinator, _ job: Job) {
    core.jobs[job.id]?.isQueued = false
    core.jobs[job.id]?.wake = nil
  }

  // MARK: Finished jobs

  /// The original of a finished job is dropped again, as a new job.
  private static func retryFinished(
    _ core: inout Coordinator, _ name: JobID, _ request: JobRequest, _ job: Job, _ actor: String, _ now: BootTime
  ) {
    let forced = request.force.flatMap { Forced(by: actor, reason: $0) }
    func refuse(_ message: String) {
      answer(&core, name, request, actor, JobAnswer(accepted: false, message: message))
    }
    guard request.force == nil || forced != nil else { return refuse("a reason is a text of 1 to 500 characters") }
    guard job.swept, let entry = job.entry, let place = job.originalAt else {
      return refuse(
        job.swept ? "the original is gone; drop the study again" : "the job is still being put away")
    }
    // An urgent study stays urgent, for whatever reason it was.
    let target = place == Job.inInbox ? entry : InboxEntry(entry.name, isUrgent: job.isUrgent)
    let redrop = Redrop(request: name, job: job, entry: target, place: place, forced: forced, actor: actor)
    guard place == Job.inInbox else { return core.perform(.dropAgain(redrop)) }
    core.inbox.settling.keep(target, listing: nil)
    droppedAgain(&core, redrop, .success(()), now)
  }

  static func droppedAgain(
    _ core: inout Coordinator, _ redrop: Redrop, _ result: Result<Void, any Error>, _ now: BootTime
  ) {
    let request = JobRequest(.retry, job: redrop.job.id, actor: redrop.actor)
    func refuse(_ message: String) {
      answer(&core, redrop.request, request, redrop.actor, JobAnswer(accepted: false, message: message))
    }
    switch result {
    case .failure(let error as OriginalMissing):
      refuse("the original is no longer in \(error.folder); drop the study again")
    case .failure(let error):
      refuse(
        (error as? FileError)?.isExisting == true
          ? "the inbox holds a study of that name"
          : "the original cannot be moved to the inbox (\(error)); copy it there")
    case .success:
      core.inbox.edit(redrop.entry) { $0.retry = .init(job: redrop.job.id, forced: redrop.forced, time: now) }
      // The reason is in the job's row and its result: it is free text, and the chain holds none.
      let details = redrop.forced.map { ["forced": "true", "reason_sha256": sha256($0.reason)] } ?? [:]
      core.perform(
        .note(Note(kind: .retryRequested, job: redrop.job.id, actor: redrop.actor, details: details)))
      core.inbox.listAt = 0
      answer(
        &core, redrop.request, request, redrop.actor,
        JobAnswer(accepted: true, message: "the study is in the inbox again and becomes a new job"))
    }
  }
}
