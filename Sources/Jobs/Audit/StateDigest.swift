internal import GRDB
internal import Hashing

/// Digests of the tables' contents: the events that change rows carry them, so that the chain covers every column.
///
/// - A job's digest covers its row in `jobs`, its rows in `attempts` by number, and its row in `results`. The files are
///   many and are written once: `jobs.inputs_sha256` is the digest of its rows in `inputs`, in their order.
/// - An event without a job that changes `meta` carries the digest of all of `meta`. `meta.seals_sha256` is the digest of
///   `seals`, which holds the digests of jobs that no event covers: those from before events carried any.
enum StateDigest {
  /// The digest of a job whose row was withdrawn.
  static let absent = sha256("absent")

  /// The digest of a job as it is stored now.
  static func job(_ id: String, in database: Database) throws -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4096)
    func take(_ word: StaticString, _ sql: String) throws {
      let rows = try StoredRows(database, sql, [id], isCached: true)
      while try rows.next() { rows.append(word, to: &bytes) }
    }
    try take("job", "SELECT * FROM jobs WHERE id = ?")
    guard !bytes.isEmpty else { return absent }
    try take("attempt", "SELECT * FROM attempts WHERE job = ? ORDER BY number")
    try take("result", "SELECT * FROM results WHERE job = ?")
    return sha256(bytes)
  }

  /// A job's digest by the chain; nil where the chain has none.
  static func recorded(_ id: String, in database: Database) throws -> String? {
    let event = try database.cachedStatement(
      sql: "SELECT state_sha256 FROM events WHERE job = ? AND state_sha256 IS NOT NULL ORDER BY sequence DESC LIMIT 1")
    if let digest = try String.fetchOne(event, arguments: [id]) { return digest }
    let seal = try database.cachedStatement(sql: "SELECT state_sha256 FROM seals WHERE job = ?")
    return try String.fetchOne(seal, arguments: [id])
  }

  /// The digest of a job's files; nil where it has none.
  static func inputs(of id: String, in database: Database) throws -> String? {
    try all("input", "SELECT * FROM inputs WHERE job = ? ORDER BY rowid", [id], in: database)
  }

  /// The digest of `meta`; `absent` while it is empty, as after a recovery from a mirror.
  static func meta(in database: Database) throws -> String {
    try all("meta", "SELECT * FROM meta ORDER BY key", in: database) ?? absent
  }

  /// The digest of `meta` by the chain; `absent` where the chain has none.
  static func recordedMeta(in database: Database) throws -> String {
    try String.fetchOne(
      database,
      sql:
        "SELECT state_sha256 FROM events WHERE job IS NULL AND state_sha256 IS NOT NULL ORDER BY sequence DESC LIMIT 1")
      ?? absent
  }

  /// The digest of `seals`; nil while it is empty.
  static func seals(in database: Database) throws -> String? {
    try all("seal", "SELECT * FROM seals ORDER BY job", in: database)
  }

  static let sealsKey = "seals_sha256"

  private static func all(
    _ word: StaticString, _ sql: String, _ arguments: StatementArguments = [], in database: Database
  ) throws -> String? {
    let rows = try StoredRows(database, sql, arguments, isCached: true)
    guard try rows.next() else { return nil }
    var digest = Digest(.sha256)
    var bytes: [UInt8] = []
    while rows.hasRow {
      rows.append(word, to: &bytes)
      if bytes.count > 1 << 16 {
        bytes.withUnsafeBytes { digest.update($0) }
        bytes.removeAll(keepingCapacity: true)
      }
      try rows.next()
    }
    bytes.withUnsafeBytes { digest.update($0) }
    return digest.finish()
  }
}
