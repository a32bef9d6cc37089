internal import Errors
internal import Files
internal import Foundation
internal import Glibc
internal import Hashing
internal import Intake
internal import Jobs

/// Jobs that wait for a choice: how they come to wait, and the two ways back to work.
extension Service {
  /// A worker asks which series, mask or region is meant. Nothing is published; the private copy stays.
  func askForReview(_ job: Job, _ error: JobError, _ attempt: Attempt) throws {
    try move(job, to: .needsReview, Change(.needsReview, details: ["code": error.code], attempt: attempt)) {
      $0.charges -= 1
      $0.outcome = .needsReview
      $0.error = error
    }
    // The answer may be in the inbox already: it is looked at anew, now that somebody waits for it.
    for entry in places(of: job) where settling.studies[entry]?.listing.choicesOwner != nil {
      settling.remove(entry)
      listInboxAt = BootClock.now
    }
  }

  /// Where a drop that belongs to a job may lie: under its study's name, in the inbox or in `urgent`.
  func places(of job: Job) -> [InboxEntry] {
    guard let name = FileName(job.studyBytes) else { return [] }
    return [InboxEntry(name), InboxEntry(name, isUrgent: true)]
  }

  // MARK: By study.yaml

  /// A drop of `study.yaml`, and perhaps more, becomes part of the study that waits for it.
  func takeAnswer(_ name: InboxEntry, _ listing: Listing) throws {
    entries[name]?.answer = nil
    settling.remove(name)
    guard let job = jobs.inReview(name.name) else {
      // Somebody else answered meanwhile: as a study of its own it is looked at again.
      listInboxAt = BootClock.now
      return
    }
    let change = Change(
      .answered, actor: "user:" + Self.user(listing.choicesOwner), details: ["listing": listing.fingerprint])
    let next = try move(job, to: .claiming, change) {
      $0.outcome = nil
      $0.answer = FolderSource.answer(name, listing: listing.fingerprint)
      $0.isUrgent = $0.isUrgent || name.isUrgent
    }
    entries[name, default: EntryRecord()].taken = .infinity
    beginClaim(next)
  }

  /// The study is ours already and stays so: it is tried again, then given up for what went wrong.
  func answerFailed(_ job: Job, _ error: any Error) throws {
    if let refused = error as? AnswerRefused {
      beginPublishing(
        try move(job, to: .publishing, Change(.refused, details: ["code": refused.error.code])) {
          $0.outcome = .rejected
          $0.error = refused.error
        })
      return
    }
    let tries = (jobs[job.id]?.failures ?? 0) + 1
    jobs[job.id]?.failures = tries
    log.error("an answer cannot be taken: \(error)", job: job.id, code: ErrorCode.io.name)
    if tries < 3 {
      jobs[job.id]?.wake = BootClock.now + Backoff.answer.delay(after: tries - 1)
    } else {
      try fail(
        job, JobError(code: ErrorCode.io.name, message: "the study cannot be read: \(error)", hint: "check the share"))
    }
  }

  /// The same files, dropped again with a choice among them, are a study of their own; who asked before is answered.
  func supersede(by job: Job, _ copy: PrivateCopy) throws {
    guard copy.inputs.contains(where: { Self.areInstructions($0.path) }) else { return }
    let hashes = Set(copy.inputs.map(\.sha256))
    for older in Array(jobs.jobs) where older.state == .needsReview && older.studyBytes == job.studyBytes {
      let inputs = try store.history(of: older).inputs.filter { !Self.areInstructions($0.path) }
      guard !inputs.isEmpty, inputs.allSatisfy({ hashes.contains($0.sha256) }) else { continue }
      beginSweep(try move(older, to: .cancelled, Change(.superseded, details: ["by": job.id.text])))
      show(job)
    }
  }

  /// Instructions at the top of a study.
  private static func areInstructions(_ path: String) -> Bool {
    !path.contains("/") && StudyFileName.instructions(path.utf8) != .no
  }

  /// The name of a user of this machine, or his number.
  private static func user(_ id: UInt32?) -> String {
    guard let id else { return "unknown" }
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 16384)
    guard getpwuid_r(id, &entry, &buffer, buffer.count, &found) == 0, found != nil, let name = entry.pw_name else {
      return "uid \(id)"
    }
    return String(String(cString: name).prefix(64))
  }

  // MARK: By command

  /// An operator's choices, checked against the candidates as far as they are known.
  func resolve(_ job: Job, _ choices: JobChoices, actor: String) throws -> JobAnswer {
    func refused(_ message: String) -> JobAnswer { JobAnswer(accepted: false, message: message) }
    guard !choices.isEmpty else { return refused("nothing is chosen") }
    for text in [choices.series, choices.mask, choices.roi].compactMap({ $0 }) {
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
    let details = [
      "chosen": choices.keys.joined(separator: " "), "choices_sha256": sha256([UInt8](try encoder.encode(all))),
    ]
    let next = try move(job, to: .queued, Change(.resolved, actor: actor, details: details)) {
      $0.choices = all
      $0.outcome = nil
      $0.error = nil
    }
    enqueue(next)
    return JobAnswer(accepted: true, message: "queued with \(all.listing)")
  }
}
