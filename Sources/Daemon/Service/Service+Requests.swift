internal import Files
internal import Foundation
internal import Glibc
internal import Hashing
internal import Intake
internal import Jobs

extension Service {
  /// Does what operators ask for, and answers.
  func takeRequests() throws {
    let folder = RequestFolder(state: String(decoding: layout.state.bytes, as: UTF8.self))
    for (name, request) in folder.pending() {
      let actor = "user:" + String(request.actor.prefix(64))
      let answer = try act(on: request, actor: actor)
      log.info("request \(request.verb.rawValue) \(answer.accepted ? "accepted" : "refused")", job: JobID(request.job))
      if !answer.accepted {
        try record {
          try store.note(
            .requestRefused, job: JobID(request.job), actor: actor, details: ["verb": request.verb.rawValue])
        }
      }
      try? folder.answer(name, answer)
    }
  }

  private func act(on request: JobRequest, actor: String) throws -> JobAnswer {
    guard let id = JobID(request.job), let job = try jobs[id]?.job ?? store.job(id) else {
      return JobAnswer(accepted: false, message: "there is no such job")
    }
    if request.force != nil {
      guard request.verb == .retry, job.state.isFinal else {
        return JobAnswer(accepted: false, message: "only a finished job can be tried again by force")
      }
      return try retryFinished(job, actor: actor, force: request.force)
    }
    switch (request.verb, job.state) {
    case (.cancel, .queued), (.cancel, .retryWait), (.cancel, .held), (.cancel, .needsReview):
      unschedule(job)
      beginSweep(try move(job, to: .cancelled, Change(.cancelled, actor: actor)))
      return JobAnswer(accepted: true, message: "cancelled")
    case (.cancel, .running) where jobs[id]?.run != nil:
      end(id, .cancelled(actor: actor))
      return JobAnswer(accepted: true, message: "the worker is being ended")
    case (.hold, .queued), (.hold, .retryWait), (.hold, .needsReview):
      unschedule(job)
      try move(job, to: .held, Change(.held, actor: actor))
      return JobAnswer(accepted: true, message: "held")
    case (.resolve, .needsReview): return try resolve(job, request.choices ?? JobChoices(), actor: actor)
    case (.resolve, .held) where job.outcome == .needsReview:
      return JobAnswer(accepted: false, message: "the job is held: release it first")
    case (.release, .held) where job.outcome == .needsReview:
      try move(job, to: .needsReview, Change(.released, actor: actor))
      return JobAnswer(accepted: true, message: "released; it waits for a choice")
    case (.release, .held), (.retry, .retryWait):
      unschedule(job)
      enqueue(try move(job, to: .queued, Change(request.verb == .release ? .released : .retryRequested, actor: actor)))
      return JobAnswer(accepted: true, message: "queued")
    case (.retry, .rejected), (.retry, .failed), (.retry, .cancelled), (.retry, .duplicate):
      return try retryFinished(job, actor: actor)
    case (.purge, _): return purge(job, actor: actor)
    default:
      return JobAnswer(
        accepted: false, message: "a job that is \(job.state.rawValue) cannot take \(request.verb.rawValue)")
    }
  }

  private func unschedule(_ job: Job) {
    jobs[job.id]?.isQueued = false
    jobs[job.id]?.wake = nil
  }

  /// The original of a finished job is dropped again, as a new job.
  ///
  /// - Parameter force: why it is to be computed whatever speaks against it.
  private func retryFinished(_ job: Job, actor: String, force reason: String? = nil) throws -> JobAnswer {
    let force = reason.flatMap { Forced(by: actor, reason: $0) }
    guard reason == nil || force != nil else {
      return JobAnswer(accepted: false, message: "a reason is a text of 1 to 500 characters")
    }
    guard job.swept, let entry = job.entry, let place = job.originalAt else {
      return JobAnswer(
        accepted: false,
        message: job.swept ? "the original is gone; drop the study again" : "the job is still being put away")
    }
    // What was urgent stays so, however it came to be.
    let name = place == Job.inInbox ? entry : InboxEntry(entry.name, isUrgent: job.isUrgent)
    if place == Job.inInbox {
      settling.keep(name, listing: nil)
    } else {
      do {
        try source.dropAgain(place, as: name)
      } catch let error as OriginalMissing {
        return JobAnswer(
          accepted: false, message: "the original is no longer in \(error.folder); drop the study again")
      } catch let error as FileError {
        return JobAnswer(
          accepted: false,
          message: error.isExisting
            ? "the inbox holds a study of that name"
            : "the original cannot be moved to the inbox (\(error)); copy it there")
      }
    }
    entries[name, default: EntryRecord()].retry = .init(job: job.id, forced: force, time: BootClock.now)
    // The reason is in the job's row and its result: it is free text, and the chain holds none.
    let details = force.map { ["forced": "true", "reason_sha256": sha256($0.reason)] } ?? [:]
    try record { try store.note(.retryRequested, job: job.id, actor: actor, details: details) }
    listInboxAt = 0
    return JobAnswer(accepted: true, message: "the study is in the inbox again and becomes a new job")
  }
}
