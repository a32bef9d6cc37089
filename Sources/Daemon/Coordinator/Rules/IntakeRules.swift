internal import Configuration
internal import Errors
internal import Files
internal import Intake
internal import Jobs

/// Which studies are taken, and the consequences. Commit 1 is here.
enum IntakeRules {
  /// Takes studies that are ready while there is room: the others stay in the inbox, which costs nothing.
  static func takeStudies(_ core: inout Coordinator, _ now: BootTime) {
    guard core.gate.pause.capacity(1, at: now) > 0, !core.inbox.isLost, !core.gate.isMeasuring else { return }
    var waiting = core.inbox.settling.takeable
    guard !waiting.isEmpty else { return }
    if now >= core.gate.spaceUntil {
      core.gate.isMeasuring = true
      core.perform(.measureSpace)
      return
    }
    while let place = next(core, waiting) {
      let name = waiting.remove(at: place)
      guard let study = core.inbox.settling.studies[name], case .ready(let refusal) = study.phase else { continue }
      let room = 2 * core.configuration.maxJobs + (study.isUrgent ? 8 : 4)
      guard core.jobs.records.values.count(where: { $0.isClaiming || $0.isQueued }) < room else { return }
      core.gate.turns.gave(study.isUrgent)
      if core.inbox.entries[name]?.answer == study.listing.fingerprint {
        ReviewRules.takeAnswer(&core, name, study.listing, now)
      } else if hasRoom(&core, name, study.listing) {
        admit(&core, name, study, refusal, now)
      }
    }
  }

  private static func next(_ core: Coordinator, _ waiting: [InboxEntry]) -> Int? {
    core.gate.turns.next(of: waiting) { core.inbox.settling.studies[$0]?.isUrgent ?? false }
  }

  static func spaceMeasured(_ core: inout Coordinator, _ space: FreeSpace?, _ now: BootTime) {
    core.gate.isMeasuring = false
    core.gate.space = space
    core.gate.spaceUntil = now + 1
    if !core.isStopping { takeStudies(&core, now) }
  }

  private static func hasRoom(_ core: inout Coordinator, _ name: InboxEntry, _ listing: Listing) -> Bool {
    let underWay = core.jobs.records.values.reduce(into: Int64(0)) { $0 &+= $1.isClaiming ? $1.claimedBytes : 0 }
    let isEnough = core.gate.hasRoom(
      bytes: listing.bytes, files: listing.files, beside: underWay, reserve: core.configuration.reserve)
    let didLack = core.inbox.lacksSpace
    let lacked = core.inbox.entries[name]?.lacksSpace ?? false
    guard isEnough != !lacked else { return isEnough }
    core.inbox.edit(name) { $0.lacksSpace = !isEnough }
    if !isEnough { core.showWaiting(name) }
    if !didLack {
      core.log(.error, "studies wait: no space for private copies", code: ErrorCode.noSpace.name)
      core.perform(.note(Note(kind: .paused, details: ["what": "space"])))
    } else if !core.inbox.lacksSpace {
      core.perform(.note(Note(kind: .resumed, details: ["what": "space"])))
    }
    return isEnough
  }

  private static func admit(
    _ core: inout Coordinator, _ name: InboxEntry, _ study: WaitingStudy, _ refusal: JobError?, _ now: BootTime
  ) {
    let listing = study.listing
    let title = listing.isArchive ? name.name.archiveTitle ?? name.name : name.name
    var entry = core.inbox.entries[name] ?? EntryRecord()
    if entry.forbidden?.listing != listing.fingerprint { entry.forbidden = nil }
    if entry.unmovable != listing.fingerprint { entry.unmovable = nil }
    var job = Job(id: core.options.newID(), study: title.display, studyBytes: title.bytes)
    job.setEntry(name)
    job.listing = listing.fingerprint
    job.error = refusal
    job.outcome = refusal == nil ? nil : .rejected
    job.retryOf = entry.retry?.job
    job.forced = entry.retry?.forced
    job.isUrgent = study.isUrgent
    job.memory = entry.estimate
    if core.inbox.isReadOnly || entry.unmovable == job.listing { job.originalAt = Job.inInbox }
    var record = JobRecord(job)
    if entry.content?.listing == job.listing { record.archived = entry.content?.content }
    record.claimedBytes = listing.bytes
    entry.retry = nil
    entry.forgetContent()
    core.inbox.settling.remove(name)
    if job.leavesOriginal {
      core.inbox.settling.keep(name, listing: job.listing)
    } else {
      entry.taken = .infinity
    }
    core.inbox.entries[name] = entry
    var details = ["owner": String(listing.owner)]
    if job.leavesOriginal { details["original"] = "stays" }
    core.insert(record, details: details, now)
  }

  /// Claims a study and copies it; or only copies it when it is claimed already.
  static func begin(_ core: inout Coordinator, _ job: Job) {
    guard core.jobs[job.id]?.isClaiming == false else { return }
    core.jobs[job.id]?.isClaiming = true
    core.perform(.take(job, core.jobs[job.id]?.archived))
  }

  static func taken(
    _ core: inout Coordinator, _ id: JobID, _ result: Result<TakenCopy?, TakeFailure>, _ now: BootTime
  ) {
    core.jobs[id]?.isClaiming = false
    core.jobs[id]?.claimedBytes = 0
    guard let job = core.jobs[id]?.job, job.state == .claiming else { return }
    for entry in Set(places(of: job) + [job.entry].compactMap(\.self))
    where core.inbox.entries[entry]?.taken != nil {
      core.inbox.entries[entry]?.taken = now
    }
    switch result {
    case .success(let copy?):
      resume(&core)
      core.jobs[id]?.failures = 0
      core.jobs[id]?.archived = nil
      copied(&core, job, copy, .copied, now)
    case .success(nil):
      resume(&core)
      core.advance(job, .refusedUnread, now, details: ["code": job.error?.code ?? ""])
    case .failure(let failure): failed(&core, job, failure, now)
    }
  }

  /// The private copy is on disk: commit 1.
  static func copied(
    _ core: inout Coordinator, _ job: Job, _ taken: TakenCopy, _ turn: StudyLifecycle.Turn, _ now: BootTime
  ) {
    let copy = taken.copy
    var details = ["input_digest": copy.identity, "files": String(copy.inputs.count), "bytes": String(copy.bytes)]
    if copy.contentDigest != nil { details["files_digest"] = copy.digest }
    // The same series with more slices, or more files: the user who has the older result should know of this one.
    details["supersedes"] = taken.supersedes?.text
    let admitted = core.advance(job, turn, now, details: details, inputs: copy.inputs) {
      if $0.answer != nil {
        $0.answer = nil
        // It is a folder now, also where it was an archive.
        if let name = FileName($0.studyBytes) {
          $0.setEntry(InboxEntry(name, isUrgent: $0.entry?.isUrgent ?? false))
        }
        $0.listing = copy.listing
      }
      $0.inputDigest = copy.identity
      $0.inputFiles = copy.inputs.count
      $0.inputBytes = copy.bytes
      $0.supersedes = taken.supersedes
    }
    if let admitted, turn == .copied { ReviewRules.lookForSuperseded(&core, by: admitted, copy.inputs) }
  }

  private static func failed(_ core: inout Coordinator, _ job: Job, _ failure: TakeFailure, _ now: BootTime) {
    let fault = failure.error as? FileError
    if let fault, fault.isNoSpace || fault.isOutage {
      pause(&core, job, fault, failure.space, now)
    } else if job.answer != nil {
      ReviewRules.answerFailed(&core, job, failure.error, now)
    } else if failure.error is StudyChanged {
      core.withdraw(job, reason: "changed", now)
      core.inbox.listAt = now
    } else if let fault, fault.isMissing, !failure.isTaken {
      core.withdraw(job, reason: "gone", now)
      if let name = FileName(job.studyBytes) { core.perform(.clear(name)) }
      core.inbox.listAt = now
    } else if let fault, fault.isForbidden, !failure.isTaken {
      forbid(&core, job, now)
    } else {
      failedAgain(&core, job, failure, now)
    }
  }

  /// The daemon may not move it, for example a folder made by `cp -r`: it is copied where it lies, and stays. A study
  /// that may not be read either is tried again when it, or its permissions, have changed, and now and then in any
  /// case, because the permissions of the inbox are not watched.
  private static func forbid(_ core: inout Coordinator, _ job: Job, _ now: BootTime) {
    core.withdraw(job, reason: "permission", now)
    if let name = job.entry, !job.leavesOriginal {
      core.log(.info, "a study may not be moved: it is copied and stays where it is", job: job.id)
      core.inbox.edit(name) { $0.unmovable = job.listing }
    } else if let name = job.entry {
      core.log(.warning, "a study may not be read", job: job.id, code: "E_PERMISSION")
      core.inbox.settling.keep(name, listing: job.listing)
      let earlier = core.inbox.entries[name]?.forbidden
      let failures = earlier.map { $0.listing == job.listing ? $0.failures + 1 : 0 } ?? 0
      let delay = Backoff.forbiddenStudy(first: core.options.pause).delay(after: failures)
      core.inbox.edit(name) { $0.forbidden = Forbidden(listing: job.listing, failures: failures, until: now + delay) }
    }
    core.inbox.listAt = now
  }

  /// Examines unreadable studies again.
  static func retryForbidden(_ core: inout Coordinator, _ now: BootTime) {
    for (name, entry) in core.inbox.entries where entry.forbidden.map({ $0.until <= now }) ?? false {
      core.inbox.entries[name]?.forbidden?.until = .infinity
      core.inbox.settling.keep(name, listing: nil)
    }
  }

  /// A file or folder of the study fails by itself: others are not delayed.
  private static func failedAgain(_ core: inout Coordinator, _ job: Job, _ failure: TakeFailure, _ now: BootTime) {
    let failures = core.jobs[job.id]?.failures ?? 0
    core.jobs[job.id]?.failures = failures + 1
    core.log(.error, "a study cannot be taken: \(failure.error)", job: job.id, code: ErrorCode.io.name)
    let unreadable = failure.error as? UnreadableFile
    let what = unreadable.map { "\($0.display): \($0.error)" } ?? "\(failure.error)"
    let reason = JobError(
      code: ErrorCode.io.name, message: "the study cannot be read: \(what)",
      hint: unreadable == nil ? "check the share and its disk" : "copy that file again; check the share's disk")
    if failures < 2 {
      core.show(
        job, .init("retrying", "\(reason.code): \(reason.message)", hint: reason.hint, job: job.id.text))
      core.jobs[job.id]?.wake =
        now + Backoff.unreadableStudy(first: core.options.pause).delay(after: failures)
    } else if !failure.isTaken, !job.leavesOriginal {
      core.withdraw(job, reason: "unreachable", now)
    } else {
      core.jobs[job.id]?.failures = 0
      core.jobs[job.id]?.archived = nil
      core.giveUp(job, reason, now)
    }
  }

  /// The disk or the share is at fault.
  private static func pause(
    _ core: inout Coordinator, _ job: Job, _ error: FileError, _ space: FreeSpace?, _ now: BootTime
  ) {
    let isFirst = core.gate.pause.until == nil
    core.gate.fail(error, space: space, at: now)
    let code = error.isNoSpace ? ErrorCode.noSpace : ErrorCode.io
    core.log(.error, "intake pauses: \(core.gate.reason)", job: job.id, code: code.name)
    if isFirst {
      core.perform(
        .note(Note(kind: .paused, job: job.id, details: ["what": "intake", "errno": String(error.code)])))
    }
    core.show(
      job,
      .init(
        error.isNoSpace ? "waiting_space" : "waiting", core.gate.reason,
        hint: "it goes on by itself when that is over", job: job.id.text))
    for name in core.inbox.settling.takeable { core.showWaiting(name) }
    core.jobs[job.id]?.wake = core.gate.pause.until
  }

  /// A study was taken.
  private static func resume(_ core: inout Coordinator) {
    guard core.gate.pause.until != nil else { return }
    core.gate.pause.clear()
    core.log(.info, "intake goes on")
    core.perform(.note(Note(kind: .resumed, details: ["what": "intake"])))
    for name in core.inbox.settling.takeable { core.showWaiting(name) }
  }

  /// Where a drop that belongs to a job may lie: under its study's name, in the inbox or in `urgent`.
  static func places(of job: Job) -> [InboxEntry] {
    guard let name = FileName(job.studyBytes) else { return [] }
    return [InboxEntry(name), InboxEntry(name, isUrgent: true)]
  }
}
