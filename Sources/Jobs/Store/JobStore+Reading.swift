internal import Errors
internal import GRDB

/// All records of one job in the store.
package struct JobHistory: Sendable {
  package var job: Job
  package var attempts: [Attempt]
  package var inputs: [InputFile]
  package var result: ResultRecord?
  package var events: [Event]
}

extension JobStore {
  /// Jobs in order of admission.
  ///
  /// - Parameters:
  ///   - state: only those in this state.
  ///   - since: only those admitted at or after this moment.
  ///   - limit: at most this many, the latest ones.
  package func jobs(state: JobState? = nil, since: Timestamp? = nil, limit: Int? = nil) throws -> [Job] {
    var sql = "SELECT * FROM jobs WHERE 1"
    var arguments = StatementArguments()
    if let state {
      sql += " AND state = ?"
      arguments += [state.rawValue]
    }
    if let since {
      sql += " AND created >= ?"
      arguments += [since.description]
    }
    sql += " ORDER BY sequence DESC"
    if let limit {
      sql += " LIMIT ?"
      arguments += [limit]
    }
    return try read { [sql, arguments] in
      try Row.fetchAll($0, sql: sql, arguments: arguments).compactMap(JobRow.job).reversed()
    }
  }

  /// Jobs in order of admission, each with its result if it has one.
  package func jobsWithResults(
    state: JobState? = nil, since: Timestamp? = nil, limit: Int? = nil
  ) throws -> [(job: Job, result: ResultRecord?)] {
    let jobs = try jobs(state: state, since: since, limit: limit)
    guard let oldest = jobs.map(\.created).min() else { return [] }
    let results = try read { database in
      var results: [String: ResultRecord] = [:]
      // Single queries find a few results quickly; for many a pass over the table is faster.
      if jobs.count <= 1000 {
        let statement = try database.cachedStatement(sql: "SELECT * FROM results WHERE job = ?")
        for job in jobs {
          results[job.id.text] = try Row.fetchOne(statement, arguments: [job.id.text]).map(JobRow.result)
        }
      } else {
        let rows = try Row.fetchCursor(
          database, sql: "SELECT results.* FROM results JOIN jobs ON jobs.id = results.job WHERE jobs.created >= ?",
          arguments: [oldest.description])
        while let row = try rows.next() { results[row["job"]] = JobRow.result(row) }
      }
      return results
    }
    return jobs.map { ($0, results[$0.id.text]) }
  }

  package func job(_ id: JobID) throws -> Job? {
    try read {
      try Row.fetchOne($0, sql: "SELECT * FROM jobs WHERE id = ?", arguments: [id.text]).flatMap(JobRow.job)
    }
  }

  /// Jobs that are not in a final state, or leave something to clean up, in order of admission.
  package func unfinished() throws -> [Job] {
    try read {
      try Row.fetchAll($0, sql: "SELECT * FROM jobs WHERE swept = 0 ORDER BY sequence").compactMap(JobRow.job)
    }
  }

  /// How many jobs are in each state.
  package func counts() throws -> [JobState: Int] {
    try read { database in
      var counts: [JobState: Int] = [:]
      for row in try Row.fetchAll(database, sql: "SELECT state, count(*) AS n FROM jobs GROUP BY state") {
        if let state = JobState(rawValue: row["state"]) { counts[state] = row["n"] }
      }
      return counts
    }
  }

  /// Originals that are in the inbox although their job is finished or under way, put back or never moved: the latest
  /// listing of each, which is not claimed again.
  package func keptListings() throws -> [(entryBytes: [UInt8], listing: String)] {
    try read {
      try Row.fetchAll(
        $0,
        sql:
          "SELECT study_bytes, entry_bytes, listing FROM jobs WHERE original_at = 'inbox' AND error_code IS NOT ? ORDER BY sequence",
        arguments: [ErrorCode.originalChanged.name]
      ).map { (JobRow.entry($0), $0["listing"]) }
    }
  }

  /// The job with a name: its id, a unique beginning of its id, or its study's name (the latest).
  ///
  /// - Throws: `E_NO_SUCH_JOB` when there is none, or when an id's beginning fits several.
  package func job(named name: String) throws -> Job {
    try read { database in
      let escaped = name.filter { $0.isHexDigit || $0 == "-" }
      if escaped == name, name.count >= 4 {
        let found = try Row.fetchAll(
          database, sql: "SELECT * FROM jobs WHERE id >= ? AND id < ? ORDER BY sequence LIMIT 10",
          arguments: [name.lowercased(), name.lowercased() + "g"]
        ).compactMap(JobRow.job)
        if found.count == 1 { return found[0] }
        if found.count > 1 {
          throw StudyError(
            .noSuchJob, "\(found.count == 10 ? "many" : String(found.count)) jobs begin with \(name)",
            hint: "give more digits of the id",
            details: ["candidates": found.map(\.id.text).joined(separator: " ")])
        }
      }
      let latest = try Row.fetchOne(
        database, sql: "SELECT * FROM jobs WHERE study = ? ORDER BY sequence DESC LIMIT 1", arguments: [name])
      if let job = latest.flatMap(JobRow.job) { return job }
      throw StudyError(.noSuchJob, "no job has the id or study name \(name)", hint: "see radiomicsd jobs list")
    }
  }

  package func history(of job: Job) throws -> JobHistory {
    try read { database in
      JobHistory(
        job: job,
        attempts: try Row.fetchAll(
          database, sql: "SELECT * FROM attempts WHERE job = ? ORDER BY number", arguments: [job.id.text]
        ).compactMap(JobRow.attempt),
        inputs: try Row.fetchAll(
          database, sql: "SELECT * FROM inputs WHERE job = ? ORDER BY rowid", arguments: [job.id.text]
        ).map { InputFile(path: $0["path"], sha256: $0["sha256"], bytes: $0["bytes"]) },
        result: try Row.fetchOne(database, sql: "SELECT * FROM results WHERE job = ?", arguments: [job.id.text])
          .map(JobRow.result),
        events: try Row.fetchAll(
          database, sql: "SELECT * FROM events WHERE job = ? ORDER BY sequence", arguments: [job.id.text]
        ).compactMap(JobRow.event))
    }
  }

  package func result(of job: JobID) throws -> ResultRecord? {
    try read {
      try Row.fetchOne($0, sql: "SELECT * FROM results WHERE job = ?", arguments: [job.text]).map(JobRow.result)
    }
  }

  package func attempt(_ number: Int, of job: JobID) throws -> Attempt? {
    try read {
      try Row.fetchOne($0, sql: "SELECT * FROM attempts WHERE job = ? AND number = ?", arguments: [job.text, number])
        .flatMap(JobRow.attempt)
    }
  }

  /// Events after one, in order.
  package func events(after sequence: Int64, limit: Int) throws -> [Event] {
    try read {
      try Row.fetchAll(
        $0, sql: "SELECT * FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?", arguments: [sequence, limit]
      ).compactMap(JobRow.event)
    }
  }

  /// All events in order.
  package func events(since: Timestamp? = nil) throws -> [Event] {
    try read {
      try Row.fetchAll(
        $0, sql: "SELECT * FROM events WHERE time >= ? ORDER BY sequence", arguments: [since?.description ?? ""]
      ).compactMap(JobRow.event)
    }
  }
}
