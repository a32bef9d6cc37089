internal import Errors
internal import GRDB

/// The records that are written together with a change of a job, in the same transaction.
package struct Change: Sendable {
  package var kind: EventKind
  package var actor: String
  /// Codes, digests and numbers; never names or content of a study.
  package var details: [String: String]
  package var inputs: [InputFile]?
  package var attempt: Attempt?
  package var result: ResultRecord?

  package init(
    _ kind: EventKind, actor: String = "daemon", details: [String: String] = [:], inputs: [InputFile]? = nil,
    attempt: Attempt? = nil, result: ResultRecord? = nil
  ) {
    self.kind = kind
    self.actor = actor
    self.details = details
    self.inputs = inputs
    self.attempt = attempt
    self.result = result
  }
}

extension JobStore {
  /// Adds a job in the state `claiming`.
  package func insert(_ job: Job, _ change: Change = Change(.claiming)) throws -> Job {
    try write { database in
      var job = job
      job.sequence = try (Int64.fetchOne(database, sql: "SELECT max(sequence) FROM jobs") ?? 0) + 1
      try JobRow.insert(job, in: database)
      try EventChain.append(
        change.kind, job: job.id, to: job.state, actor: change.actor, details: change.details,
        state: try StateDigest.job(job.id.text, in: database), in: database)
      return job
    }
  }

  /// Moves a job to another state: its row, the event and its records in one transaction.
  ///
  /// - Throws: `E_STALE_JOB` when the step is not in the state machine or the job was changed since it was read.
  package func move(
    _ job: Job, to state: JobState, _ change: Change, _ edit: (inout Job) -> Void = { _ in }
  ) throws -> Job {
    guard job.state.successors.contains(state) else {
      throw StudyError(.staleJob, "job \(job.id) cannot go from \(job.state.rawValue) to \(state.rawValue)")
    }
    return try update(job, to: state, change, edit)
  }

  /// Changes a job without changing its state.
  package func amend(_ job: Job, _ change: Change, _ edit: (inout Job) -> Void) throws -> Job {
    try update(job, to: job.state, change, edit)
  }

  /// Records an event that changes no job.
  package func note(
    _ kind: EventKind, job: JobID? = nil, actor: String = "daemon", details: [String: String] = [:]
  ) throws {
    try write {
      _ = try EventChain.append(kind, job: job, actor: actor, details: details, in: $0)
    }
  }

  /// Records an event of the daemon itself, and sets values that are stored by name.
  package func note(_ kind: EventKind, details: [String: String] = [:], setting values: [String: String]) throws {
    try write { database in
      if try StateDigest.meta(in: database) != StateDigest.recordedMeta(in: database) {
        try EventChain.append(
          .security, job: nil, actor: "daemon", details: ["what": "row", "kind": Self.differs, "table": "meta"],
          in: database)
      }
      let statement = try database.cachedStatement(
        sql: "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
      for (key, value) in values.sorted(by: { $0.key < $1.key }) { try statement.execute(arguments: [key, value]) }
      try Seal.meta(kind, actor: "daemon", details: details, in: database)
    }
  }

  /// Sets a value that the store keeps by name, with an event.
  package func setValue(_ key: String, _ value: String) throws {
    try note(.valueSet, details: ["key": key], setting: [key: value])
  }

  private static let differs = ChainFault.Kind.stateDiffers.rawValue

  /// Records that a job's rows differ from its last event: the next event would cover it up.
  private static func noteTampering(with job: Job, in database: Database) throws {
    guard let recorded = try StateDigest.recorded(job.id.text, in: database),
      try StateDigest.job(job.id.text, in: database) != recorded
    else { return }
    try EventChain.append(
      .security, job: job.id, actor: "daemon", details: ["what": "row", "kind": differs], in: database)
  }

  /// Withdraws a claim that took nothing; the events stay.
  package func withdraw(_ job: Job, reason: String) throws {
    try write { database in
      try Self.noteTampering(with: job, in: database)
      try database.execute(
        sql: "DELETE FROM jobs WHERE id = ? AND state = 'claiming' AND epoch = ?", arguments: [job.id.text, job.epoch])
      guard database.changesCount == 1 else { throw Self.stale(job) }
      try EventChain.append(
        .claimAborted, job: job.id, from: .claiming, actor: "daemon", details: ["reason": reason],
        state: StateDigest.absent, in: database)
    }
  }

  private func update(
    _ job: Job, to state: JobState, _ change: Change, _ edit: (inout Job) -> Void
  ) throws -> Job {
    var next = job
    edit(&next)
    next.state = state
    next.epoch = job.epoch + 1
    next.updated = .now
    if state.isFinal, next.finished == nil { next.finished = next.updated }
    return try write { [next] database in
      try Self.noteTampering(with: job, in: database)
      guard try JobRow.update(next, from: job, in: database) else { throw Self.stale(job) }
      if let inputs = change.inputs {
        try Self.noteReplacing(inputsOf: job, in: database)
        try JobRow.replaceInputs(inputs, of: job.id, in: database)
      }
      if let attempt = change.attempt { try JobRow.put(attempt, in: database) }
      var details = change.details
      if let result = change.result {
        try JobRow.put(result, of: job.id, in: database)
        details["record_sha256"] = result.digest
      }
      try EventChain.append(
        change.kind, job: job.id, from: job.state, to: state, attempt: next.attempt > 0 ? next.attempt : nil,
        actor: change.actor, details: details, state: try StateDigest.job(job.id.text, in: database), in: database)
      return next
    }
  }

  /// The same for its files, before others replace them.
  private static func noteReplacing(inputsOf job: Job, in database: Database) throws {
    let recorded = try String.fetchOne(
      database, sql: "SELECT inputs_sha256 FROM jobs WHERE id = ?", arguments: [job.id.text])
    guard try StateDigest.inputs(of: job.id.text, in: database) != recorded else { return }
    try EventChain.append(
      .security, job: job.id, actor: "daemon", details: ["what": "row", "kind": differs, "table": "inputs"],
      in: database)
  }

  private static func stale(_ job: Job) -> StudyError {
    StudyError(.staleJob, "job \(job.id) is no longer as it was read", hint: "is a second daemon running?")
  }
}
