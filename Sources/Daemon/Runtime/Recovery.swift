internal import Errors
internal import Files
internal import Foundation
internal import Glibc
internal import Intake
internal import Jobs

/// Finds the files that the last daemon left of each job. `RecoveryRules` decides the consequences.
struct Recovery {
  let ports: Ports
  let store: JobStore
  let log: Log

  private var layout: Layout { ports.layout }

  /// - Parameters:
  ///   - tell: called with the findings, job by job, in order of admission.
  ///   - open: the open jobs after that.
  func run(
    _ signs: SignsOfLife, tell: (Coordinator.Event) throws -> Void, open: () -> JobTable
  ) throws {
    let kept = try store.keptListings().compactMap { bytes, listing in InboxEntry(bytes).map { ($0, listing) } }
    try tell(.kept(kept))
    try ports.sink.removeDrafts()
    for id in ports.spool.jobs().drafts { try ports.operations.remove(layout.spoolDrafts / id.text) }
    for job in try store.unfinished() {
      // A large private copy is hashed: minutes, on a slow disk.
      signs.notifier.extend(seconds: 300)
      try tell(.found(job, try finding(job)))
    }
    let jobs = open()
    try recoverStrays(jobs)
    try removeOldWork(jobs)
    log.info("recovered: \(jobs.count) unfinished jobs")
  }

  private func finding(_ job: Job) throws -> Finding {
    switch job.state {
    case .claiming: return try claim(job)
    case .running: return try run(job)
    case .publishing: return .publication(isLost: try isLost(job))
    default: return .nothing
    }
  }

  private func claim(_ job: Job) throws -> Finding {
    let isTaken = ports.source.hasTaken(job.id)
    guard job.answer == nil, job.outcome == nil, let copy = ports.spool.verified(job.id) else {
      return .claim(nil, isTaken: isTaken)
    }
    try ports.spool.confirm(job.id)
    return .claim(TakenCopy(copy: copy, supersedes: try store.predecessor(of: job, copy.inputs)), isTaken: isTaken)
  }

  private func run(_ job: Job) throws -> Finding {
    var attempt = try store.attempt(job.attempt, of: job.id) ?? Attempt(job: job.id, number: job.attempt)
    let status = try executorStatus(of: job)
    switch status {
    case .running: return .run(attempt, status, nil, nil, sandbox: [:])
    case .ended(let report): return .run(attempt, status, RunEnding(report, of: job, layout), nil, sandbox: [:])
    case .gone:
      attempt.ended = .now
      let result = try? ResultFolder.verify(layout.output(job.id, job.attempt), job: job.id)
      let sandbox = WorkerSandboxRecord.details(in: layout.work(job.id, job.attempt))
      return .run(attempt, status, nil, result, sandbox: sandbox)
    }
  }

  /// The executor's report on a run that an earlier daemon started. Another executor than the one that started it does
  /// not know the run.
  private func executorStatus(of job: Job) throws -> RunStatus {
    let executor = ports.executor
    let started = try store.history(of: job).events.last { $0.kind == .started }
    guard started?.details["executor"] ?? ProcessExecutor.name == executor.name else { return .gone }
    let handle = RunHandle(executor: executor.name, job: job.id, attempt: job.attempt)
    return executor.status(of: [handle])[handle] ?? .gone
  }

  /// The sink finds a result that is in the outbox already, and makes sure that it is on disk.
  private func isLost(_ job: Job) throws -> Bool {
    guard job.outcome == .done, try ports.sink.published(job) == nil else { return false }
    return (try? ResultFolder.verify(layout.output(job.id, job.attempt), job: job.id)) == nil
  }

  /// Originals and copies whose job is not in the database, as after restoring an old one. Nothing of them is deleted
  /// unless the original goes back to the inbox.
  private func recoverStrays(_ open: JobTable) throws {
    for id in ports.claims.jobs() where try store.job(id) == nil {
      log.warning("a claimed study without a job goes back to the inbox", job: id)
      try ports.claims.putBack(id, isUrgent: ports.spool.recorded(id)?.entry?.isUrgent ?? false)
      try ports.spool.discard(id)
    }
    for id in ports.claims.emptyJobs() where open[id] == nil { try ports.claims.putBack(id, isUrgent: false) }
    for id in ports.claims.answeredJobs() where open[id]?.job.answer == nil {
      log.warning("an answer that no job waits for goes back to the inbox", job: id)
      try ports.claims.putBackAnswer(id)
    }
    for id in ports.spool.jobs().whole {
      guard let job = try store.job(id) else {
        log.warning("a private copy without a job is kept; the database is older than it", job: id)
        continue
      }
      // Removed once, and back after a power cut.
      if job.swept { try ports.spool.discard(id) }
    }
  }

  /// Work folders that no job will publish from and no run works in.
  private func removeOldWork(_ open: JobTable) throws {
    let kept = open.records.values.filter { $0.job.state == .publishing || $0.run != nil || $0.ended != nil }
    let names = Set(kept.map { "\($0.job.id.text).\($0.job.attempt)" })
    let path = String(decoding: layout.work.bytes, as: UTF8.self)
    for entry in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] where !names.contains(entry) {
      try ports.operations.remove(layout.work / entry)
    }
  }
}

extension RunEnding {
  /// A run's end with what it left in its folder.
  init(_ report: RunReport, of job: Job, _ layout: Layout) {
    self.init(report, layout.output(job.id, job.attempt))
  }

  init(_ report: RunReport, _ output: Path) {
    let left = report.exit == 0 ? nil : ResultFolder.readError(output)
    self.init(report: report, error: left?.error, needsReview: left?.needsReview ?? false, time: .now)
  }
}

extension JobStore {
  /// A finished job that a new one replaces: its original changed, or it has fewer files of the same series.
  func predecessor(of job: Job, _ inputs: [InputFile]) throws -> JobID? {
    try outdated(job.studyBytes, except: job.id) ?? superseded(by: inputs, except: job.id)
  }
}
