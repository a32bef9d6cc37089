internal import Configuration
internal import Errors
internal import Files
internal import Intake
internal import Jobs

/// Private copies that were lost or damaged: they are made again from the original.
enum CopyRules {
  /// How often a copy is made again because a worker found it changed: after that the disk is at fault.
  private static let maxCopies = 2

  /// A worker found that its input differs from the copied files. No run is charged.
  static func inputDamaged(
    _ core: inout Coordinator, _ job: Job, _ error: JobError, _ attempt: Attempt, _ now: BootTime
  ) {
    let copies = (core.jobs[job.id]?.copies ?? 0) + 1
    core.jobs[job.id]?.copies = copies
    core.log(.error, "the private copy was damaged; it is made again", job: job.id, code: error.code)
    guard copies <= maxCopies else {
      let reason = JobError(
        code: ErrorCode.io.name, message: "the private copy was damaged \(copies) times: \(error.message)",
        hint: "check the disk of the state folder")
      return core.giveUp(job, reason, now, attempt: attempt)
    }
    core.advance(job, .inputDamaged, now, details: ["code": error.code], attempt: attempt) {
      $0.charges -= 1
      $0.error = nil
    }
  }

  /// Continues with a copy that the machine delayed.
  static func resume(_ core: inout Coordinator, _ job: Job) {
    guard let record = core.jobs[job.id], !record.isQueued, !record.isPreparing, record.run == nil, !core.isStopping
    else { return }
    core.perform(.copyAgain(job))
  }

  static func copied(
    _ core: inout Coordinator, _ id: JobID, _ result: Result<PrivateCopy, any Error>, _ now: BootTime
  ) {
    guard let record = core.jobs[id], record.job.state == .queued, !record.isQueued else { return }
    let job = record.job
    switch result {
    case .success(let copy) where copy.identity == job.inputDigest:
      core.jobs[id]?.failures = 0
      core.jobs[id]?.isQueued = true
    case .success: core.giveUp(job, inputIsGone("has changed since it was taken"), now)
    case .failure(let error):
      if let fault = error as? FileError, fault.isNoSpace || fault.isOutage {
        core.backOff(id, now)
        core.log(.error, "the private copy cannot be made again: \(fault)", job: id, code: ErrorCode.io.name)
      } else if let unreadable = error as? UnreadableFile {
        let what = "\(unreadable.display): \(unreadable.error)"
        let reason = JobError(
          code: ErrorCode.io.name, message: "the private copy was lost and the original cannot be read: \(what)",
          hint: "drop the study again; check the share's disk")
        core.giveUp(job, reason, now)
      } else {
        core.giveUp(job, inputIsGone(error is StudyChanged ? "has changed since it was taken" : "is gone"), now)
      }
    }
  }

  private static func inputIsGone(_ what: String) -> JobError {
    JobError(
      code: ErrorCode.inputLost.name, message: "the private copy was lost or damaged, and the original \(what)",
      hint: "drop the study again")
  }
}
