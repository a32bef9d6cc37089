internal import GRDB

/// Covers rows that no event covers: those of databases from before events carried digests, and of a rebuilt one.
enum Seal {
  /// Seals the current contents of a migrated database with one event.
  static func everything(actor: String, in database: Database) throws {
    guard
      try Bool.fetchOne(
        database,
        sql: "SELECT EXISTS (SELECT 1 FROM events) OR EXISTS (SELECT 1 FROM jobs) OR EXISTS (SELECT 1 FROM meta)")
        ?? false
    else { return }
    try inputs(in: database)
    let jobs = try uncovered(in: database)
    try meta(.sealed, actor: actor, details: ["jobs": String(jobs)], in: database)
  }

  /// Stores the digest of its files in each job's row.
  static func inputs(in database: Database) throws {
    let ids = try String.fetchAll(
      database,
      sql: "SELECT id FROM jobs WHERE inputs_sha256 IS NOT NULL OR EXISTS (SELECT 1 FROM inputs WHERE job = jobs.id)")
    let update = try database.makeStatement(sql: "UPDATE jobs SET inputs_sha256 = ? WHERE id = ?")
    for id in ids { try update.execute(arguments: [try StateDigest.inputs(of: id, in: database), id]) }
  }

  /// Stores the digests of jobs that no event covers in `seals`.
  ///
  /// - Returns: how many.
  @discardableResult
  static func uncovered(in database: Database) throws -> Int {
    let ids = try String.fetchAll(
      database,
      sql: """
        SELECT id FROM jobs WHERE NOT EXISTS
          (SELECT 1 FROM events WHERE job = jobs.id AND state_sha256 IS NOT NULL)
          AND NOT EXISTS (SELECT 1 FROM seals WHERE job = jobs.id) ORDER BY id
        """)
    let insert = try database.makeStatement(sql: "INSERT INTO seals VALUES (?, ?)")
    for id in ids { try insert.execute(arguments: [id, try StateDigest.job(id, in: database)]) }
    if let digest = try StateDigest.seals(in: database) {
      try database.execute(
        sql: "INSERT OR REPLACE INTO meta VALUES (?, ?)", arguments: [StateDigest.sealsKey, digest])
    }
    return ids.count
  }

  /// Appends an event without a job that carries the digest of `meta`.
  @discardableResult
  static func meta(
    _ kind: EventKind, actor: String, details: [String: String], after known: (sequence: Int64, hash: String)? = nil,
    in database: Database
  ) throws -> Event {
    try EventChain.append(
      kind, job: nil, actor: actor, details: details, state: try StateDigest.meta(in: database), after: known,
      in: database)
  }
}
