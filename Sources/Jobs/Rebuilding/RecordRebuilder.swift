internal import Errors
internal import Foundation
internal import GRDB
internal import Glibc
internal import Hashing

/// Rebuilds a lost job database beside the old one: from its remains, from its mirror, and from the folders of jobs.
/// Nothing of the old one is touched until `replace`.
package final class RecordRebuilder {
  /// The contribution of a source.
  package struct Replay: Sendable, Equatable {
    package var events: Int64 = 0
    /// Lines of the mirror that could not be read.
    package var unreadable = 0
  }

  private let queue: DatabaseQueue
  private let path: String
  private var columns: [String: Set<String>] = [:]

  /// Starts at `draft`; remains of an interrupted attempt there are removed.
  package init(draft path: String) throws {
    self.path = path
    for end in ["", "-journal", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
    var configuration = GRDB.Configuration()
    // Rows come in the order of their changes, not of their references. `replace` syncs the whole.
    configuration.foreignKeysEnabled = false
    try PrivateFile.make(path)
    queue = try DatabaseQueue(path: path, configuration: configuration)
    columns = try queue.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA synchronous = OFF; PRAGMA trusted_schema = OFF")
      try database.inTransaction {
        try Schema.migrate(database)
        return .commit
      }
      try database.execute(
        sql: "CREATE TEMP TABLE lines (job TEXT PRIMARY KEY NOT NULL, sequence INTEGER NOT NULL) STRICT")
      return try Dictionary(
        uniqueKeysWithValues: ["jobs", "attempts", "inputs", "results"].map {
          ($0, Set(try database.columns(in: $0).map(\.name)))
        })
    }
  }

  /// Copies all of an older, undamaged database.
  package func replay(database old: String) throws -> Replay {
    try queue.writeWithoutTransaction { database in
      try database.execute(sql: "ATTACH ? AS old", arguments: [old])
      defer { try? database.execute(sql: "DETACH old") }
      try database.inTransaction {
        for table in ["meta", "events", "jobs", "attempts", "inputs", "results", "seals"] {
          let here = try database.columns(in: table).map(\.name)
          let there = Set(
            try String.fetchAll(database, sql: "SELECT name FROM pragma_table_info(?, 'old')", arguments: [table]))
          let names = here.filter(there.contains).joined(separator: ", ")
          guard !names.isEmpty else { continue }
          try database.execute(sql: "INSERT OR IGNORE INTO \(table) (\(names)) SELECT \(names) FROM old.\(table)")
        }
        return .commit
      }
      return Replay(events: try Int64.fetchOne(database, sql: "SELECT count(*) FROM events") ?? 0)
    }
  }

  /// Copies everything in a mirror that the database lacks.
  package func replay(mirror folder: String) throws -> Replay {
    try queue.write { database in
      var replay = Replay()
      let decoder = JSONDecoder()
      try MirrorLog.forEachLine(folder, "jobs") { line in
        do { try self.take(try decoder.decode(MirroredJob.self, from: line), database) } catch is DecodingError {
          replay.unreadable += 1
        }
      }
      try MirrorLog.forEachLine(folder, "events") { line in
        guard let event = try? decoder.decode(MirroredEvent.self, from: line) else {
          replay.unreadable += 1
          return
        }
        try event.insert(in: database)
        replay.events += Int64(database.changesCount)
      }
      return replay
    }
  }

  private func take(_ line: MirroredJob, _ database: Database) throws {
    if let id = line.withdrawn {
      try database.execute(sql: "DELETE FROM jobs WHERE id = ? AND state = 'claiming'", arguments: [id])
      return
    }
    guard let row = line.job, let id = row.text("id"), case .integer(let epoch)? = row.values["epoch"] else { return }
    let known = try Int64.fetchOne(database, sql: "SELECT epoch FROM jobs WHERE id = ?", arguments: [id])
    guard known ?? -1 <= epoch else { return }
    try row.insert(into: "jobs", columns: columns["jobs"] ?? [], in: database)
    for attempt in line.attempts ?? [] {
      try attempt.insert(into: "attempts", columns: columns["attempts"] ?? [], in: database)
    }
    try line.result?.insert(into: "results", columns: columns["results"] ?? [], in: database)
    if let inputs = line.inputs {
      try database.execute(sql: "DELETE FROM inputs WHERE job = ?", arguments: [id])
      for input in inputs { try input.insert(into: "inputs", columns: columns["inputs"] ?? [], in: database) }
    }
    try database.execute(sql: "INSERT OR REPLACE INTO lines VALUES (?, ?)", arguments: [id, line.sequence])
  }

  // MARK: Jobs from folders

  package func job(_ id: JobID) throws -> Job? {
    try queue.read {
      try Row.fetchOne($0, sql: "SELECT * FROM jobs WHERE id = ?", arguments: [id.text]).flatMap(JobRow.job)
    }
  }

  /// Inserts a job as its folders show it, or replaces the known one.
  package func put(
    _ job: Job, as state: JobState, inputs: [InputFile]? = nil, attempt: Attempt? = nil, result: ResultRecord? = nil
  ) throws {
    var job = job
    job.state = state
    job.epoch += 1
    if state.isFinal, job.finished == nil { job.finished = job.updated }
    try queue.write { [job] database in
      var job = job
      if job.sequence == 0 {
        job.sequence = try (Int64.fetchOne(database, sql: "SELECT max(sequence) FROM jobs") ?? 0) + 1
        try JobRow.insert(job, in: database)
      } else {
        try database.execute(sql: "DELETE FROM jobs WHERE id = ?", arguments: [job.id.text])
        try JobRow.insert(job, in: database)
      }
      if let inputs { try JobRow.replaceInputs(inputs, of: job.id, in: database) }
      if let attempt { try JobRow.put(attempt, in: database) }
      if let result { try JobRow.put(result, of: job.id, in: database) }
    }
  }

  /// Jobs that are not finished, in order of admission.
  package func unfinished() throws -> [Job] {
    try queue.read {
      try Row.fetchAll($0, sql: "SELECT * FROM jobs WHERE swept = 0 ORDER BY sequence").compactMap(JobRow.job)
    }
  }

  package func counts() throws -> (events: Int64, jobs: Int) {
    try queue.read {
      (try Int64.fetchOne($0, sql: "SELECT count(*) FROM events") ?? 0, try JobRow.count(in: $0))
    }
  }

  // MARK: The end

  /// Continues the chain with the event RECOVERED, which states what is lost, and one more for each job whose row
  /// differs from its last event.
  ///
  /// - Parameter anchors: heads that are known although their events may be lost.
  /// - Returns: the event and what is lost, as `3-7 12-12`.
  package func seal(
    actor: String, details: [String: String], anchors: [ChainAnchor]
  ) throws -> (event: Int64, lost: String) {
    try queue.write { database in
      try Self.adoptEnds(database)
      let head = try EventChain.head(in: database)
      let known = anchors.max { $0.sequence < $1.sequence }
      var lost = try Row.fetchAll(
        database,
        sql: """
          SELECT before + 1 AS first, sequence - 1 AS last FROM
            (SELECT sequence, lag(sequence, 1, 0) OVER (ORDER BY sequence) AS before FROM events)
            WHERE sequence > before + 1
          """
      ).map { ($0["first"] as Int64)...($0["last"] as Int64) }
      var after: (sequence: Int64, hash: String)?
      if let known, known.sequence > head.sequence {
        lost.append((head.sequence + 1)...known.sequence)
        after = (known.sequence, known.hash)
      }
      let text = Recoveries.text(lost)
      let facts = details.merging(["lost": text, "last_kept": String(head.sequence), "last_hash": head.hash]) { $1 }
      // Rows as they are now: those that no event covers are sealed, those that differ get an event of their own.
      let tampered = try StateDigest.meta(in: database) != StateDigest.recordedMeta(in: database)
      try Seal.inputs(in: database)
      try Seal.uncovered(in: database)
      let event = try Seal.meta(
        .recovered, actor: actor, details: tampered ? facts.merging(["meta": "differs"]) { $1 } : facts, after: after,
        in: database)
      try Self.reconcile(actor, database)
      return (event.sequence, text)
    }
  }

  /// A row that is older than the end in its events: the line with the newer row was lost.
  private static func adoptEnds(_ database: Database) throws {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT jobs.id, last.to_state, last.time FROM jobs JOIN lines ON lines.job = jobs.id
        JOIN events AS last ON last.sequence =
          (SELECT max(sequence) FROM events WHERE job = jobs.id AND to_state IS NOT NULL)
        WHERE last.to_state <> jobs.state AND last.sequence > lines.sequence
        """)
    for row in rows {
      guard let state = JobState(rawValue: row["to_state"]), state.isFinal else { continue }
      try database.execute(
        sql: "UPDATE jobs SET state = ?, finished = ?, epoch = epoch + 1 WHERE id = ?",
        arguments: [state.rawValue, row["time"] as String, row["id"] as String])
    }
  }

  private static func reconcile(_ actor: String, _ database: Database) throws {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT jobs.id, jobs.state, jobs.attempt, jobs.input_digest, last.to_state FROM jobs LEFT JOIN events AS last
          ON last.sequence = (SELECT max(sequence) FROM events WHERE job = jobs.id AND to_state IS NOT NULL)
        ORDER BY jobs.sequence
        """)
    for row in rows {
      let id: String = row["id"]
      let attempt: Int = row["attempt"]
      let state = try StateDigest.job(id, in: database)
      let isAsRecorded = try StateDigest.recorded(id, in: database) == state
      guard !isAsRecorded || row["to_state"] as String? != row["state"] as String? else { continue }
      var details: [String: String] = [:]
      if !isAsRecorded { details["row"] = "differs" }
      if let digest: String = row["input_digest"] {
        details["input_digest"] = digest
        let files = try String.fetchAll(
          database, sql: "SELECT sha256 FROM inputs WHERE job = ? ORDER BY sha256", arguments: [id])
        let own = sha256(files.joined(separator: "\n"))
        if !files.isEmpty, own != digest { details["files_digest"] = own }
      }
      if let result = try Row.fetchOne(database, sql: "SELECT * FROM results WHERE job = ?", arguments: [id]) {
        details["record_sha256"] = JobRow.result(result).digest
      }
      try EventChain.append(
        .recovered, job: JobID(id), from: (row["to_state"] as String?).flatMap(JobState.init),
        to: JobState(rawValue: row["state"]), attempt: attempt > 0 ? attempt : nil, actor: actor, details: details,
        state: state, in: database)
    }
    let gone = try String.fetchAll(database, sql: JobStore.goneJobs)
    for id in gone {
      try EventChain.append(
        .recovered, job: JobID(id), actor: actor, details: ["row": "lost"], state: StateDigest.absent, in: database)
    }
  }

  /// Ends without installing the new database.
  package func discard() {
    try? queue.close()
    for end in ["", "-journal", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
  }

  /// Replaces the old database, which is kept under `kept` with its log, by the new one. At every moment one
  /// of the two is under `path`, unless there was none; the whole may be interrupted and started again.
  ///
  /// - Throws: `E_IO`.
  package func replace(_ path: String, keptAs kept: String) throws {
    try queue.close()
    func failure(_ what: String) -> StudyError {
      StudyError(
        .io, "\(what): \(String(cString: strerror(errno)))", file: path, hint: "nothing of the old one is lost")
    }
    let descriptor = open(self.path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0, fsync(descriptor) == 0 else { throw failure("the new job database cannot be written") }
    close(descriptor)
    for end in ["", "-wal"] where access(path + end, F_OK) == 0 {
      if link(path + end, kept + end) != 0 { throw failure("the old job database cannot be kept") }
    }
    // SQLite would use a log left beside the new database as its own.
    for end in ["-wal", "-shm"] where access(path + end, F_OK) == 0 {
      if unlink(path + end) != 0 { throw failure("the old database's log cannot be put away") }
    }
    guard rename(self.path, path) == 0 else { throw failure("the new job database cannot be put in its place") }
    let folder = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }
}
