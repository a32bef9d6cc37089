internal import Configuration
internal import Errors
internal import Files
internal import Foundation
internal import Hashing
internal import Intake
internal import Jobs

/// Jobs that wait for a choice: the ways back to work. Nothing is published meanwhile; the private copy stays.
enum ReviewRules {
  /// The answer may be in the inbox already: it is listed again, now that a job waits for it.
  static func lookForAnswer(_ core: inout Coordinator, _ job: Job, _ now: BootTime) {
    for entry in IntakeRules.places(of: job)
    where core.inbox.settling.studies[entry]?.listing.choicesOwner != nil {
      core.inbox.settling.remove(entry)
      core.inbox.listAt = now
    }
  }

  // MARK: By study.yaml

  /// A drop of `study.yaml`, and perhaps more, becomes part of the study that waits for it.
  static func takeAnswer(_ core: inout Coordinator, _ name: InboxEntry, _ listing: Listing, _ now: BootTime) {
    core.inbox.entries[name]?.answer = nil
    core.inbox.settling.remove(name)
    guard let job = core.jobs.inReview(name.name) else {
      // Another answer came meanwhile: this one is examined again as a study of its own.
      core.inbox.listAt = now
      return
    }
    core.inbox.edit(name) { $0.taken = .infinity }
    core.advance(
      job, .answered, now, details: ["listing": listing.fingerprint], actor: "user:unknown", user: listing.choicesOwner
    ) {
      $0.outcome = nil
      $0.answer = FolderSource.answer(name, listing: listing.fingerprint)
      $0.isUrgent = $0.isUrgent || name.isUrgent
    }
  }

  /// The study is claimed already and stays so: it is tried again, then given up for the last error.
  static func answerFailed(_ core: inout Coordinator, _ job: Job, _ error: any Error, _ now: BootTime) {
    if let refused = error as? AnswerRefused {
      core.advance(job, .answerRefused, now, details: ["code": refused.error.code]) {
        $0.outcome = .rejected
        $0.error = refused.error
      }
      return
    }
    let failures = core.jobs[job.id]?.failures ?? 0
    core.jobs[job.id]?.failures = failures + 1
    core.log(.error, "an answer cannot be taken: \(error)", job: job.id, code: ErrorCode.io.name)
    if failures < 2 {
      core.jobs[job.id]?.wake = now + Backoff.answer.delay(after: failures)
    } else {
      core.giveUp(
        job, JobError(code: ErrorCode.io.name, message: "the study cannot be read: \(error)", hint: "check the share"),
        now)
    }
  }

  // MARK: By another drop

  /// The same files, dropped again with a choice among them, are a study of their own: an older job that asks is answered.
  static func lookForSuperseded(_ core: inout Coordinator, by job: Job, _ inputs: [InputFile]) {
    guard inputs.contains(where: { areInstructions($0.path) }) else { return }
    let others = core.jobs.jobs.filter { $0.state == .needsReview && $0.studyBytes == job.studyBytes }.map(\.id)
    if !others.isEmpty { core.perform(.readInputs(of: Array(others), by: job, inputs: inputs)) }
  }

  static func supersede(
    _ core: inout Coordinator, _ job: Job, _ inputs: [InputFile], _ others: [JobID: [InputFile]], _ now: BootTime
  ) {
    let hashes = Set(inputs.map(\.sha256))
    for (id, files) in others {
      guard let older = core.jobs[id]?.job, older.state == .needsReview else { continue }
      let own = files.filter { !areInstructions($0.path) }
      guard !own.isEmpty, own.allSatisfy({ hashes.contains($0.sha256) }) else { continue }
      core.advance(older, .superseded, now, details: ["by": job.id.text])
      core.show(core.jobs[job.id]?.job ?? job)
    }
  }

  /// Instructions at the top of a study.
  private static func areInstructions(_ path: String) -> Bool {
    !path.contains("/") && StudyFileName.instructions(path.utf8) != .no
  }

  // MARK: By command

  /// An operator's choices, checked against the known candidates.
  static func resolve(
    _ core: inout Coordinator, _ job: Job, _ choices: JobChoices, actor: String, _ now: BootTime
  ) -> JobAnswer {
    func refused(_ message: String) -> JobAnswer { JobAnswer(accepted: false, message: message) }
    guard !choices.isEmpty else { return refused("nothing is chosen") }
    for text in [choices.series, choices.mask, choices.roi].compactMap(\.self) {
      guard !text.isEmpty, text.utf8.count <= 1024, !text.utf8.contains(0) else {
        return refused("a choice is a text of 1 to 1024 bytes")
      }
    }
    if let number = choices.label ?? choices.number, !(1...4_294_967_295).contains(number) {
      return refused("a label is 1 to 4294967295")
    }
    if let number = choices.segment, !(0...4_294_967_295).contains(number) { return refused("a number is at least 0") }
    let all = job.choices?.adding(choices) ?? choices
    if let objection = job.error.flatMap({ ReviewQuestion($0).objection(to: all) }) { return refused(objection) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let text = try? encoder.encode(all) else { return refused("the choice cannot be recorded") }
    let details = ["chosen": choices.keys.joined(separator: " "), "choices_sha256": sha256([UInt8](text))]
    core.advance(job, .resolved, now, details: details, actor: actor) {
      $0.choices = all
      $0.outcome = nil
      $0.error = nil
    }
    return JobAnswer(accepted: true, message: "queued with \(all.listing)")
  }
}
