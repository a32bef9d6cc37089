internal import Errors
internal import Files
internal import Glibc
internal import Intake
internal import Jobs

/// Private copies that were lost or damaged: they are made again from the original.
extension Service {
  /// How often a copy is made again because a worker found it changed: then it is the disk.
  private static let maxCopies = 2

  /// A worker found that its input is not what was copied. No run is charged.
  func recopy(_ job: Job, _ error: JobError, _ attempt: Attempt) throws {
    let copies = (jobs[job.id]?.copies ?? 0) + 1
    jobs[job.id]?.copies = copies
    log.error("the private copy was damaged; it is made again", job: job.id, code: error.code)
    guard copies <= Self.maxCopies else {
      try fail(
        job,
        JobError(
          code: ErrorCode.io.name, message: "the private copy was damaged \(copies) times: \(error.message)",
          hint: "check the disk of the state folder"),
        attempt: attempt)
      return
    }
    let next = try move(job, to: .queued, Change(.inputChanged, details: ["code": error.code], attempt: attempt)) {
      $0.charges -= 1
      $0.error = nil
    }
    restore(next)
  }

  /// Makes the private copy of a queued job again.
  func restore(_ job: Job) {
    // The same files are the same content: their archives need not be opened again.
    let files = (try? store.history(of: job).inputs).map(PrivateCopy.digest) ?? ""
    let content = ArchivedContent(files: files, digest: job.inputDigest ?? "")
    perform(intakeQueue) { [source] in
      .restored(job.id, Result { try source.copyAgain(job, content: content) })
    }
  }

  /// Goes on with a copy that the machine stood in the way of.
  func resumeRestoring(_ job: Job) {
    guard let record = jobs[job.id], !record.isQueued, record.run == nil, !isStopping else { return }
    restore(job)
  }

  func restored(_ id: JobID, _ result: Result<PrivateCopy, any Error>) throws {
    guard let record = jobs[id], record.job.state == .queued else { return }
    let job = record.job
    switch result {
    case .success(let copy) where copy.identity == job.inputDigest:
      jobs[id]?.failures = 0
      enqueue(job)
    case .success: try fail(job, Self.inputIsGone("has changed since it was taken"))
    case .failure(let error):
      if error is SimulatedCrash { throw error }
      if let fault = error as? FileError, fault.isNoSpace || fault.isOutage {
        jobs[id]?.failures += 1
        jobs[id]?.wake = BootClock.now + backoff.delay(after: record.failures)
        log.error("the private copy cannot be made again: \(fault)", job: id, code: ErrorCode.io.name)
      } else if let unreadable = error as? UnreadableFile {
        let what = "\(unreadable.display): \(unreadable.error)"
        try fail(
          job,
          JobError(
            code: ErrorCode.io.name, message: "the private copy was lost and the original cannot be read: \(what)",
            hint: "drop the study again; check the share's disk"))
      } else {
        try fail(job, Self.inputIsGone(error is StudyChanged ? "has changed since it was taken" : "is gone"))
      }
    }
  }

  private static func inputIsGone(_ what: String) -> JobError {
    JobError(
      code: ErrorCode.inputLost.name, message: "the private copy was lost or damaged, and the original \(what)",
      hint: "drop the study again")
  }
}
