internal import Configuration
internal import Errors
internal import Files
internal import Intake
internal import Jobs

/// Cleaning up after a job: its original goes where the policy says, private copy and work folders are deleted.
enum SweepRules {
  static func begin(_ core: inout Coordinator, _ job: Job) {
    let policy = core.configuration.originals
    if policy == .keep || job.leavesOriginal, !job.hasChangedOriginal, let name = job.entry {
      core.inbox.settling.keep(name, listing: job.listing)
    }
    core.perform(.sweep(job, policy))
  }

  static func swept(_ core: inout Coordinator, _ id: JobID, _ result: Result<String?, any Error>, _ now: BootTime) {
    guard let job = core.jobs[id]?.job, job.state.isFinal else { return }
    switch result {
    case .success(let place):
      core.advance(job, .swept, now) {
        $0.swept = true
        $0.originalAt = place ?? $0.originalAt
      }
      if job.hasChangedOriginal {
        // On a server the listing may be old; the present content is taken whatever it is.
        if let entry = job.entry { core.inbox.settling.release(entry, listing: job.listing) }
        core.inbox.listAt = now
      } else if let name = FileName(job.studyBytes) {
        core.perform(.close(name))
      }
    case .failure(let error):
      core.backOff(id, now)
      core.log(.error, "the original cannot be put away: \(error)", job: id, code: ErrorCode.io.name)
    }
  }

  /// Deletes the original of a finished job, at an operator's request.
  static func purge(_ core: inout Coordinator, _ job: Job, actor: String) -> JobAnswer {
    guard job.swept, job.state.isFinal, let place = job.originalAt, place != Job.inInbox else {
      return JobAnswer(accepted: false, message: "no original of this job is in done or failed")
    }
    core.perform(.purge(job, place: place, actor: actor))
    return JobAnswer(accepted: true, message: "the original is being deleted")
  }

  static func purged(
    _ core: inout Coordinator, _ job: Job, _ actor: String, _ result: Result<Void, any Error>, _ now: BootTime
  ) {
    switch result {
    case .success:
      core.advance(job, .purged, now, actor: actor) { $0.originalAt = nil }
      core.log(.info, EventKind.purged.rawValue, job: job.id)
    case .failure(let error):
      core.log(.error, "an original cannot be deleted: \(error)", job: job.id, code: ErrorCode.io.name)
    }
  }
}
