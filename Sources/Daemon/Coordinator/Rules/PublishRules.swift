internal import Configuration
internal import Errors
internal import Files
internal import Intake
internal import Jobs

/// How results reach the outbox. Commit 2 is here.
enum PublishRules {
  static func begin(_ core: inout Coordinator, _ job: Job, _ now: BootTime) {
    let isCompared = core.jobs[job.id]?.isCompared ?? false
    core.jobs[job.id]?.isCompared = false
    guard isCompared || !CompareRules.isWanted(job) else { return CompareRules.beginFirst(&core, job, now) }
    core.perform(.publish(job))
  }

  static func published(
    _ core: inout Coordinator, _ id: JobID, _ result: Result<Publication, PublishFailure>, _ now: BootTime
  ) {
    guard let record = core.jobs[id], record.job.state == .publishing else { return }
    let job = record.job
    switch result {
    case .success(let publication):
      core.jobs[id]?.failures = 0
      noteOutbox(&core, nil)
      let study = FileName(job.studyBytes)?.published
      if study.map({ String(decoding: $0.bytes, as: UTF8.self) }) != publication.name {
        core.perform(.note(Note(kind: .nameCollision, job: id)))
      }
      let details = publication.documentSHA256.map { ["document_sha256": $0] } ?? [:]
      core.advance(job, StudyLifecycle.publication(of: job.outcome), now, details: details) {
        $0.publishedAs = publication.name
      }
    case .failure(let failure):
      if failure.error is OriginalGone { return pointerLost(&core, job, now) }
      if job.outcome == .done, failure.isResultLost { return resultLost(&core, job, now) }
      // The outbox is full, read-only or away: the result stays in the work folder until it is back.
      core.backOff(id, now)
      core.log(.error, "the outbox cannot be written: \(failure.error)", job: id, code: ErrorCode.io.name)
      let reason = reason(failure.error)
      core.show(
        job,
        .init(
          "publishing", reason, hint: "the result is kept and published by itself when that is over",
          job: job.id.text))
      noteOutbox(&core, reason)
    }
  }

  private static func reason(_ error: any Error) -> String {
    guard let fault = error as? FileError else {
      return "\(ErrorCode.io.name): the outbox cannot be written (\(error))"
    }
    if fault.isNoSpace { return "\(ErrorCode.noSpace.name): the outbox is full (\(fault))" }
    if fault.isReadOnly { return "\(ErrorCode.io.name): the outbox is read-only" }
    if fault.isMissing { return "\(ErrorCode.io.name): the outbox is away (\(fault))" }
    return "\(ErrorCode.io.name): the outbox cannot be written (\(fault))"
  }

  /// Results wait for the outbox, or no longer do: shown by `jobs list`, `doctor` and systemd.
  private static func noteOutbox(_ core: inout Coordinator, _ reason: String?) {
    guard reason != core.health.outboxFault else { return }
    let isFirst = (core.health.outboxFault == nil) != (reason == nil)
    core.health.outboxFault = reason
    if isFirst {
      core.perform(.note(Note(kind: reason == nil ? .resumed : .paused, details: ["what": "outbox"])))
    }
    let value = reason.map { "results wait: " + $0 } ?? ""
    core.perform(
      .note(
        Note(kind: .valueSet, details: ["key": JobStore.outboxKey], values: [JobStore.outboxKey: value])))
  }

  /// The result no longer exists: it is computed again.
  static func resultLost(_ core: inout Coordinator, _ job: Job, _ now: BootTime) {
    core.log(.warning, "the result is gone; it is computed again", job: job.id)
    core.advance(job, .resultLost, now) {
      $0.outcome = nil
      // The run was a good one; the loss is not its fault.
      $0.charges = max(0, $0.charges - 1)
    }
  }

  /// The result that was pointed to is no longer in the outbox: this job computes its own.
  private static func pointerLost(_ core: inout Coordinator, _ job: Job, _ now: BootTime) {
    core.jobs[job.id]?.isComputedAnyway = true
    core.log(.info, "the result of the same content is gone; it is computed again", job: job.id)
    core.advance(job, .pointerLost, now) {
      $0.outcome = nil
      $0.duplicateOf = nil
    }
  }
}
