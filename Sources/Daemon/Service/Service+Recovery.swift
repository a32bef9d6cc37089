internal import Files
internal import Foundation
internal import Glibc
internal import Intake
internal import Jobs

extension Service {
  /// Takes up what the last daemon left: for each job the disk is looked at, and the job goes forward when the proof is
  /// there, else back to the last durable point. Every step is one transaction, so recovery may itself be interrupted.
  func recover() throws {
    for (bytes, listing) in try store.keptListings() {
      if let entry = InboxEntry(bytes) { settling.keep(entry, listing: listing) }
    }
    try sink.removeDrafts()
    for id in spool.jobs().drafts { try operations.remove(layout.spoolDrafts / id.text) }
    for job in try store.unfinished() {
      jobs.put(job)
      // A large private copy is hashed: minutes, on a slow disk.
      notifier.extend(seconds: 300)
      try recover(job)
    }
    try recoverStrays()
    try removeOldWork()
    log.info("recovered: \(jobs.count) unfinished jobs")
  }

  private func recover(_ job: Job) throws {
    switch job.state {
    case .claiming: try recoverClaim(job)
    case .queued: enqueue(job)
    case .retryWait: enqueue(try move(job, to: .queued, Change(.requeued)))
    case .held, .needsReview: show(job)
    case .running: try recoverRun(job)
    case .publishing: try recoverPublishing(job)
    case .done, .rejected, .failed, .cancelled, .duplicate:
      // Its end is on record, and may not have reached its user.
      show(job)
      awaitSecondLook(job)
    }
  }

  private func recoverClaim(_ job: Job) throws {
    if job.answer == nil, job.outcome == nil, let copy = spool.verified(job.id) {
      try spool.confirm(job.id)
      enqueue(try admit(job, copy, .copyRecovered))
    } else if claims.claimed(job.id) != nil || job.answer != nil || job.leavesOriginal {
      try spool.discard(job.id)
      // The drop may still be in the inbox; it is no new study.
      if job.answer != nil { for entry in places(of: job) { entries[entry, default: EntryRecord()].taken = .infinity } }
      beginClaim(job)
    } else {
      // Not renamed yet, or put back already.
      try spool.discard(job.id)
      try withdraw(job, reason: "daemon ended")
      try operations.remove(layout.claim(job.id))
    }
  }

  private func recoverRun(_ job: Job) throws {
    var attempt = try store.attempt(job.attempt, of: job.id) ?? Attempt(job: job.id, number: job.attempt)
    switch try executorStatus(of: job) {
    case .running:
      log.info("a run goes on", job: job.id)
      adopt(job, attempt)
      return
    case .ended(let report):
      adopt(job, attempt)
      return try runEnded(RunHandle(executor: executor.name, job: job.id, attempt: job.attempt), report)
    case .gone: break
    }
    attempt.ended = .now
    if let verified = try? ResultFolder.verify(layout.output(job.id, job.attempt), job: job.id) {
      attempt.outcome = JobState.done.rawValue
      try computed(job, verified, .resultRecovered, attempt)
    } else {
      attempt.outcome = EventKind.interrupted.rawValue
      attempt.charged = false
      try requeueInterrupted(job, attempt, refund: false)
    }
  }

  /// What the executor says of a run that an earlier daemon started. Another executor than the one that started it knows
  /// nothing of it.
  private func executorStatus(of job: Job) throws -> RunStatus {
    let started = try store.history(of: job).events.last { $0.kind == .started }
    guard started?.details["executor"] ?? ProcessExecutor.name == executor.name else { return .gone }
    let handle = RunHandle(executor: executor.name, job: job.id, attempt: job.attempt)
    return executor.status(of: [handle])[handle] ?? .gone
  }

  private func adopt(_ job: Job, _ attempt: Attempt) {
    let handle = RunHandle(executor: executor.name, job: job.id, attempt: job.attempt)
    let token = memoryToken(job)
    jobs[job.id]?.run = Run(
      handle: handle, attempt: attempt, began: BootClock.now, memory: min(token, memory.budget))
  }

  /// What is in the outbox already is found there by the publisher, which makes sure that it is on disk.
  private func recoverPublishing(_ job: Job) throws {
    if job.outcome == .done, try sink.published(job) == nil,
      (try? ResultFolder.verify(layout.output(job.id, job.attempt), job: job.id)) == nil
    {
      try loseResult(job)
    } else {
      beginPublishing(job)
    }
  }

  /// Originals and copies whose job is not in the database, as after restoring an old one. Nothing of them is deleted
  /// unless the original goes back to the inbox.
  private func recoverStrays() throws {
    for id in claims.jobs() where try store.job(id) == nil {
      log.warning("a claimed study without a job goes back to the inbox", job: id)
      try claims.putBack(id, isUrgent: spool.recorded(id)?.entry?.isUrgent ?? false)
      try spool.discard(id)
    }
    for id in claims.emptyJobs() where jobs[id] == nil { try claims.putBack(id, isUrgent: false) }
    for id in claims.answeredJobs() where jobs[id]?.job.answer == nil {
      log.warning("an answer that no job waits for goes back to the inbox", job: id)
      try claims.putBackAnswer(id)
    }
    for id in spool.jobs().whole {
      guard let job = try store.job(id) else {
        log.warning("a private copy without a job is kept; the database is older than it", job: id)
        continue
      }
      // Removed once, and back after a power cut.
      if job.swept { try spool.discard(id) }
    }
  }

  /// Work folders that no job will publish from.
  private func removeOldWork() throws {
    let kept = Set(
      jobs.records.values.filter { $0.job.state == .publishing || $0.run != nil || $0.ended != nil }.map(\.job).map {
        "\($0.id.text).\($0.attempt)"
      })
    let path = String(decoding: layout.work.bytes, as: UTF8.self)
    for entry in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] where !kept.contains(entry) {
      try operations.remove(layout.work / entry)
    }
  }

  /// Tells one start of the machine from another.
  static let bootID: String = {
    let bytes = FileManager.default.contents(atPath: "/proc/sys/kernel/random/boot_id") ?? Data()
    return String(decoding: bytes.prefix(36), as: UTF8.self)
  }()
}
