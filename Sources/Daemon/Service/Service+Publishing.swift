internal import Configuration
internal import Errors
internal import Files
internal import Glibc
internal import Intake
internal import Jobs

extension Service {
  func inspected(_ id: JobID, _ result: Result<VerifiedResult, any Error>) throws {
    guard let record = jobs[id], record.job.state == .running, var attempt = record.ended else { return }
    let job = record.job
    jobs[id]?.ended = nil
    switch result {
    case .success(let verified):
      attempt.outcome = JobState.done.rawValue
      try computed(job, verified, .computed, attempt)
    case .failure(let error):
      if error is SimulatedCrash { throw error }
      let reason = (error as? StudyError)?.message ?? "the result cannot be read: \(error)"
      let fault = JobError(code: "E_RESULT_INVALID", message: reason, hint: "keep the study and report it")
      attempt.outcome = fault.code
      try retry(job, attempt, fault, attempts: configuration.maxAttempts)
    }
  }

  /// A verified result is there: it is recorded, then published.
  func computed(_ job: Job, _ verified: VerifiedResult, _ kind: EventKind, _ attempt: Attempt?) throws {
    var details = sandboxDetails(job).merging(["manifest_sha256": verified.manifestSHA256]) { $1 }
    details.merge(verified.shadow) { own, _ in own }
    details["files"] = verified.files.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    if let attempt {
      details["wall_seconds"] = attempt.wallSeconds.map { String(($0 * 1000).rounded() / 1000) }
      details["cpu_seconds"] = attempt.cpuSeconds.map { String(($0 * 1000).rounded() / 1000) }
      details["peak_kilobytes"] = attempt.peakKilobytes.map { String($0) }
    }
    if let forced = job.forced { details["forced_by"] = forced.by }
    let change = Change(kind, details: details, attempt: attempt, result: verified.record)
    let next = try move(job, to: .publishing, change) {
      $0.outcome = .done
      $0.error = nil
    }
    beginPublishing(next)
  }

  func beginPublishing(_ job: Job) {
    let isCompared = jobs[job.id]?.isCompared ?? false
    jobs[job.id]?.isCompared = false
    guard isCompared || !wantsLook(job) else { return beginFirstLook(job) }
    let original = job.duplicateOf.flatMap { try? store.job($0) }
    perform(publishQueue) { [sink, folder = layout.output(job.id, job.attempt)] in
      .published(job.id, Result { try sink.publish(job, from: folder, original: original) })
    }
  }

  func published(_ id: JobID, _ result: Result<Publication, any Error>) throws {
    guard let record = jobs[id], record.job.state == .publishing else { return }
    let job = record.job
    switch result {
    case .success(let publication):
      jobs[id]?.failures = 0
      try noteOutbox(nil, nil)
      try published(publication, job)
    case .failure(let error):
      if error is SimulatedCrash { throw error }
      if error is OriginalGone { return try originalIsGone(job) }
      if job.outcome == .done, (error as? FileError)?.isMissing ?? (error is StudyError),
        (try? ResultFolder.verify(layout.output(id, job.attempt), job: id)) == nil
      {
        try loseResult(job)
        return
      }
      // The outbox is full, read-only or away: the result stays in the work folder until it is back.
      jobs[id]?.failures += 1
      jobs[id]?.wake = BootClock.now + backoff.delay(after: record.failures)
      log.error("the outbox cannot be written: \(error)", job: id, code: ErrorCode.io.name)
      try noteOutbox(Self.outboxReason(error), job)
    }
  }

  private static func outboxReason(_ error: any Error) -> String {
    guard let fault = error as? FileError else {
      return "\(ErrorCode.io.name): the outbox cannot be written (\(error))"
    }
    if fault.isNoSpace { return "\(ErrorCode.noSpace.name): the outbox is full (\(fault))" }
    if fault.isReadOnly { return "\(ErrorCode.io.name): the outbox is read-only" }
    if fault.isMissing { return "\(ErrorCode.io.name): the outbox is away (\(fault))" }
    return "\(ErrorCode.io.name): the outbox cannot be written (\(fault))"
  }

  /// Results wait for the outbox, or no longer do: their users, `jobs list`, `doctor` and systemd are told.
  private func noteOutbox(_ reason: String?, _ job: Job?) throws {
    if let reason, let job, let name = FileName(job.studyBytes) {
      status.show(
        name,
        .init(
          "publishing", reason, hint: "the result is kept and published by itself when that is over", job: job.id.text))
    }
    guard reason != outboxFault else { return }
    let isFirst = (outboxFault == nil) != (reason == nil)
    outboxFault = reason
    try record {
      if isFirst { try store.note(reason == nil ? .resumed : .paused, details: ["what": "outbox"]) }
      try store.setValue(JobStore.outboxKey, reason.map { "results wait: " + $0 } ?? "")
    }
  }

  func published(_ publication: Publication, _ job: Job) throws {
    let final = job.outcome ?? .failed
    let study = FileName(job.studyBytes)?.published
    if study.map({ String(decoding: $0.bytes, as: UTF8.self) }) != publication.name {
      try record { try store.note(.nameCollision, job: job.id) }
    }
    let details = publication.documentSHA256.map { ["document_sha256": $0] } ?? [:]
    awaitSecondLook(
      try move(job, to: final, Change(.published, details: details)) { $0.publishedAs = publication.name })
  }

  /// The result is not there any more: it is computed again.
  func loseResult(_ job: Job) throws {
    log.warning("the result is gone; it is computed again", job: job.id)
    enqueue(
      try move(job, to: .queued, Change(.resultLost)) {
        $0.outcome = nil
        // The run was a good one; what was lost is not its fault.
        $0.charges = max(0, $0.charges - 1)
      })
  }

  // MARK: What is left of a job

  /// Puts the original where the policy says, then deletes the private copy and the work folders.
  func beginSweep(_ job: Job) {
    let policy = configuration.originals
    if policy == .keep || job.leavesOriginal, !job.hasChangedOriginal, let name = job.entry {
      settling.keep(name, listing: job.listing)
    }
    perform(sweepQueue) { [source, spool, operations, layout] in
      .swept(
        job.id,
        Result {
          let place = try source.retire(job, policy)
          try spool.discard(job.id)
          for attempt in 0..<max(1, job.attempt) { try operations.remove(layout.work(job.id, attempt + 1)) }
          return place
        })
    }
  }

  func swept(_ id: JobID, _ result: Result<String?, any Error>) throws {
    guard let open = jobs[id] else { return }
    let job = open.job
    switch result {
    case .success(let place):
      _ = try record {
        try store.amend(job, Change(.swept)) {
          $0.swept = true
          $0.originalAt = place ?? $0.originalAt
        }
      }
      jobs[id] = nil
      if job.hasChangedOriginal {
        // On a server the listing may be as it was; what is there now is taken whatever it says.
        if let entry = job.entry { settling.release(entry, listing: job.listing) }
        listInboxAt = BootClock.now
      } else if let name = FileName(job.studyBytes) {
        status.close(name)
      }
    case .failure(let error):
      if error is SimulatedCrash { throw error }
      jobs[id]?.failures += 1
      jobs[id]?.wake = BootClock.now + backoff.delay(after: open.failures)
      log.error("the original cannot be put away: \(error)", job: id, code: ErrorCode.io.name)
    }
  }
}
