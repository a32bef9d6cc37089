internal import Configuration
internal import Errors
internal import Files
internal import Glibc
internal import Intake
internal import Jobs

extension Service {
  /// Takes studies that are ready while there is room: the others wait where they are, which costs nothing.
  func takeStudies(_ now: Double) throws {
    guard intake.capacity(1, at: now) > 0, !isInboxLost else { return }
    var waiting = settling.takeable
    while let place = intakeTurns.next(of: waiting, isUrgent: { settling.studies[$0]?.isUrgent ?? false }) {
      let name = waiting.remove(at: place)
      let room = 2 * configuration.maxJobs + (settling.studies[name]?.isUrgent == true ? 8 : 4)
      guard jobs.records.values.count(where: { $0.isClaiming || $0.isQueued }) < room else { return }
      intakeTurns.gave(settling.studies[name]?.isUrgent ?? false)
      guard let study = settling.studies[name], case .ready(let refusal) = study.phase else { continue }
      if entries[name]?.answer == study.listing.fingerprint {
        try takeAnswer(name, study.listing)
        continue
      }
      guard try hasRoom(for: name, study.listing, now) else { continue }
      let title = study.listing.isArchive ? name.name.archiveTitle ?? name.name : name.name
      var entry = entries[name] ?? EntryRecord()
      if entry.forbidden?.listing != study.listing.fingerprint { entry.forbidden = nil }
      if entry.unmovable != study.listing.fingerprint { entry.unmovable = nil }
      var job = Job(id: .new(), study: title.display, studyBytes: title.bytes)
      job.setEntry(name)
      job.listing = study.listing.fingerprint
      job.error = refusal
      job.outcome = refusal == nil ? nil : .rejected
      job.retryOf = entry.retry?.job
      job.forced = entry.retry?.forced
      job.isUrgent = study.isUrgent
      job.memory = entry.estimate
      if isInboxReadOnly || entry.unmovable == job.listing { job.originalAt = Job.inInbox }
      var details = ["owner": String(study.listing.owner)]
      if job.leavesOriginal { details["original"] = "stays" }
      let admitted = try record { [job, details] in try store.insert(job, Change(.claiming, details: details)) }
      var record = JobRecord(admitted)
      if entry.content?.listing == job.listing { record.archived = entry.content?.content }
      record.claimedBytes = study.listing.bytes
      jobs[job.id] = record
      entry.retry = nil
      entry.forgetContent()
      counters.added(admitted, at: now)
      settling.remove(name)
      if job.leavesOriginal {
        settling.keep(name, listing: job.listing)
      } else {
        entry.taken = .infinity
      }
      entries[name] = entry
      log.info("CLAIMING", job: job.id)
      beginClaim(admitted)
    }
  }

  /// Claims a study and copies it; or only copies it when it is claimed already.
  func beginClaim(_ job: Job) {
    jobs[job.id]?.isClaiming = true
    perform(intakeQueue) { [source, content = jobs[job.id]?.archived] in
      .claimed(job.id, Result { try source.take(job, content: content) })
    }
  }

  func claimed(_ id: JobID, _ result: Result<PrivateCopy?, any Error>) throws {
    jobs[id]?.isClaiming = false
    jobs[id]?.claimedBytes = 0
    guard let job = jobs[id]?.job, job.state == .claiming else { return }
    for entry in Set(places(of: job) + [job.entry].compactMap { $0 }) where entries[entry]?.taken != nil {
      entries[entry]?.taken = BootClock.now
    }
    switch result {
    case .success(let copy?):
      try resumeIntake()
      jobs[id]?.failures = 0
      jobs[id]?.archived = nil
      let admitted = try admit(job, copy, .admitted)
      enqueue(admitted)
      try supersede(by: admitted, copy)
    case .success(nil):
      try resumeIntake()
      beginPublishing(try move(job, to: .publishing, Change(.refused, details: ["code": job.error?.code ?? ""])))
    case .failure(let error): try claimFailed(job, error)
    }
  }

  func admit(_ job: Job, _ copy: PrivateCopy, _ kind: EventKind) throws -> Job {
    var details = ["input_digest": copy.identity, "files": String(copy.inputs.count), "bytes": String(copy.bytes)]
    if copy.contentDigest != nil { details["files_digest"] = copy.digest }
    // The same series with more slices, or more files: whoever has the older result should know of this one.
    let earlier =
      try store.outdated(job.studyBytes, except: job.id) ?? store.superseded(by: copy.inputs, except: job.id)
    details["supersedes"] = earlier?.text
    return try move(job, to: .queued, Change(kind, details: details, inputs: copy.inputs)) {
      if $0.answer != nil {
        $0.answer = nil
        // It is a folder now, also where it was an archive.
        if let name = FileName($0.studyBytes) { $0.setEntry(InboxEntry(name, isUrgent: $0.entry?.isUrgent ?? false)) }
        $0.listing = copy.listing
      }
      $0.inputDigest = copy.identity
      $0.inputFiles = copy.inputs.count
      $0.inputBytes = copy.bytes
      $0.supersedes = earlier
    }
  }

  private func claimFailed(_ job: Job, _ error: any Error) throws {
    if error is SimulatedCrash { throw error }
    let now = BootClock.now
    let fault = error as? FileError
    if let fault, fault.isNoSpace || fault.isOutage {
      try pauseIntake(job, fault, now)
    } else if job.answer != nil {
      try answerFailed(job, error)
    } else if error is StudyChanged {
      try withdraw(job, reason: "changed")
      listInboxAt = now
    } else if let fault, fault.isMissing, !source.hasTaken(job.id) {
      try withdraw(job, reason: "gone")
      if let name = FileName(job.studyBytes) { status.clear(name) }
      listInboxAt = now
    } else if let fault, fault.isForbidden, !source.hasTaken(job.id) {
      try forbid(job, now)
    } else {
      try claimFailedAgain(job, error, now)
    }
  }

  /// Not ours to move, as a folder is that `cp -r` made: it is copied where it lies, and stays. What may not be read either
  /// is tried again when it, or its permissions, have changed, and now and then in any case, for the permissions of the inbox
  /// are not among what is watched.
  private func forbid(_ job: Job, _ now: Double) throws {
    try withdraw(job, reason: "permission")
    if let name = job.entry, !job.leavesOriginal {
      log.info("a study may not be moved: it is copied and stays where it is", job: job.id)
      entries[name, default: EntryRecord()].unmovable = job.listing
    } else if let name = job.entry {
      log.warning("a study may not be read", job: job.id, code: "E_PERMISSION")
      settling.keep(name, listing: job.listing)
      let failures = entries[name]?.forbidden.map { $0.listing == job.listing ? $0.failures + 1 : 0 } ?? 0
      entries[name, default: EntryRecord()].forbidden = Forbidden(
        listing: job.listing, failures: failures,
        until: now + Backoff.forbiddenStudy(first: options.pause).delay(after: failures))
    }
    listInboxAt = now
  }

  /// Looks again at studies that could not be read.
  func retryForbidden(_ now: Double) {
    for (name, entry) in entries where entry.forbidden.map({ $0.until <= now }) ?? false {
      entries[name]?.forbidden?.until = .infinity
      settling.keep(name, listing: nil)
    }
  }

  /// A file or folder of the study fails by itself: others are not held up.
  private func claimFailedAgain(_ job: Job, _ error: any Error, _ now: Double) throws {
    let tries = (jobs[job.id]?.failures ?? 0) + 1
    jobs[job.id]?.failures = tries
    log.error("a study cannot be taken: \(error)", job: job.id, code: ErrorCode.io.name)
    let unreadable = error as? UnreadableFile
    let what = unreadable.map { "\($0.display): \($0.error)" } ?? "\(error)"
    let reason = JobError(
      code: ErrorCode.io.name, message: "the study cannot be read: \(what)",
      hint: unreadable == nil ? "check the share and its disk" : "copy that file again; check the share's disk")
    if tries < 3 {
      let delay = Backoff.unreadableStudy(first: options.pause).delay(after: tries - 1)
      if let name = FileName(job.studyBytes) {
        status.show(
          name, .init("retrying", "\(reason.code): \(reason.message)", hint: reason.hint, job: job.id.text))
      }
      jobs[job.id]?.wake = now + delay
    } else if !source.hasTaken(job.id), !job.leavesOriginal {
      try withdraw(job, reason: "unreachable")
    } else {
      jobs[job.id]?.failures = 0
      jobs[job.id]?.archived = nil
      try fail(job, reason)
    }
  }

  func withdraw(_ job: Job, reason: String) throws {
    try record { try store.withdraw(job, reason: reason) }
    jobs[job.id] = nil
    counters.withdrawn(job)
    if job.leavesOriginal, let entry = job.entry { settling.keep(entry, listing: nil) }
    log.info("CLAIM_ABORTED", job: job.id)
  }

  /// A job ends without a result: what the user will see is published.
  func fail(_ job: Job, _ error: JobError, outcome: JobState = .failed, attempt: Attempt? = nil) throws {
    let kind: EventKind = outcome == .rejected ? .refused : .gaveUp
    let next = try move(job, to: .publishing, Change(kind, details: ["code": error.code], attempt: attempt)) {
      $0.outcome = outcome
      $0.error = error
    }
    beginPublishing(next)
  }

  func enqueue(_ job: Job) {
    jobs[job.id]?.isQueued = true
  }

  /// Goes on with jobs whose time has come.
  func resumeWaiting(_ now: Double) throws {
    for id in jobs.due(at: now) {
      jobs[id]?.wake = nil
      guard let job = jobs[id]?.job else { continue }
      switch job.state {
      case .claiming: if !isStopping { beginClaim(job) }
      case .retryWait: enqueue(try move(job, to: .queued, Change(.requeued)))
      case .publishing: beginPublishing(job)
      case .done where wantsLook(job), .rejected where wantsLook(job), .duplicate where wantsLook(job):
        beginSecondLook(job)
      case .done, .rejected, .failed, .cancelled, .duplicate: beginSweep(job)
      case .queued: resumeRestoring(job)
      case .running, .held, .needsReview: break
      }
    }
  }
}
