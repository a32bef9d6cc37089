internal import GRDB
internal import Hashing

extension JobStore {
  /// Checks that every row of every table matches the last event that covers it.
  static func verifyRows(_ report: inout ChainReport, _ database: Database) throws {
    if try StateDigest.meta(in: database) != StateDigest.recordedMeta(in: database) {
      report.faults.append(ChainFault(.stateDiffers, "the table meta is not what its last event left"))
    }
    let seals = try String.fetchOne(
      database, sql: "SELECT value FROM meta WHERE key = ?", arguments: [StateDigest.sealsKey])
    if try StateDigest.seals(in: database) != seals {
      report.faults.append(ChainFault(.stateDiffers, "the table seals is not what was sealed"))
    }
    var check = try RowCheck(database)
    try check.run(&report)
  }

  /// The event from which on all rows are covered.
  static func coveredSince(_ database: Database) throws -> Int64 {
    try Int64.fetchOne(database, sql: "SELECT max(sequence) FROM events WHERE job IS NULL AND kind = 'SEALED'") ?? 1
  }

  /// Reports what the daemon noticed and recorded while it worked: rows that were changed between two events of their
  /// job are a permanent fault, because the later event covers them; other notes are reported.
  static func reportNotes(_ report: inout ChainReport, _ database: Database) throws {
    let rows = try Row.fetchCursor(
      database, sql: "SELECT sequence, time, job, details FROM events WHERE kind = 'SECURITY' ORDER BY sequence")
    while let row = try rows.next() {
      let details = JobRow.details(row["details"])
      let (sequence, time) = (row["sequence"] as Int64, row["time"] as String)
      switch details["what"] {
      case "row":
        let job: String? = row["job"]
        let place = details["table"].map { "the table \($0)" } ?? "its rows"
        report.faults.append(
          ChainFault(
            .stateDiffers, job: job,
            "event \(sequence) of \(time) records that \(job == nil || details["table"] == nil ? place : "its files")"
              + " had been changed by another program"))
      case "schema":
        report.explained.append("event \(sequence) of \(time) records a schema that another program had changed")
      case "witness":
        report.explained.append("event \(sequence) of \(time) records that mirror or anchors were gone")
      default: break
      }
    }
  }
}

/// Reads all tables in parallel in the order of jobs, so that memory does not grow with them.
private struct RowCheck {
  private let jobs: StoredRows
  private let events: StoredRows
  private let seals: StoredRows
  private let attempts: StoredRows
  private let results: StoredRows
  private let inputs: StoredRows
  private let hash: Int

  init(_ database: Database) throws {
    func rows(_ sql: String) throws -> StoredRows {
      let rows = try StoredRows(database, sql)
      try rows.next()
      return rows
    }
    jobs = try rows("SELECT * FROM jobs ORDER BY id")
    events = try rows(
      """
      SELECT job, state_sha256, max(sequence) FROM events WHERE job IS NOT NULL AND state_sha256 IS NOT NULL
        GROUP BY job ORDER BY job
      """)
    seals = try rows("SELECT job, state_sha256 FROM seals ORDER BY job")
    attempts = try rows("SELECT * FROM attempts ORDER BY job, number")
    results = try rows("SELECT * FROM results ORDER BY job")
    inputs = try rows("SELECT * FROM inputs ORDER BY job, rowid")
    hash = try database.columns(in: "jobs").firstIndex { $0.name == "inputs_sha256" } ?? 0
  }

  mutating func run(_ report: inout ChainReport) throws {
    var bytes: [UInt8] = []
    var files: [UInt8] = []
    while jobs.hasRow, report.faults.count < ChainReport.limit {
      let id = jobs.bytes(0)
      let name = jobs.text(0)
      bytes.removeAll(keepingCapacity: true)
      jobs.append("job", to: &bytes)
      try take(attempts, "attempts", "attempt", id, &report) { bytes.append(contentsOf: $0) }
      try take(results, "results", "result", id, &report) { bytes.append(contentsOf: $0) }
      var digest = Digest(.sha256)
      var hasFiles = false
      try take(inputs, "inputs", "input", id, &report) { row in
        hasFiles = true
        row.withUnsafeBytes { digest.update($0) }
      }
      files.removeAll(keepingCapacity: true)
      if hasFiles { files.append(contentsOf: digest.finish().utf8) }
      if jobs.bytes(hash) != files {
        report.faults.append(
          ChainFault(.stateDiffers, job: name, "its list of input files is not what was recorded"))
      }
      let sealed = try digestOf(seals, id)
      let recorded = try digestOf(events, id) ?? sealed
      if let recorded {
        if sha256(bytes) != recorded {
          report.faults.append(
            ChainFault(.stateDiffers, job: name, "its row, attempts or result are not what its last event left"))
        }
      } else {
        report.faults.append(ChainFault(.stateDiffers, job: name, "no event and no seal covers its row"))
      }
      try jobs.next()
    }
    guard !jobs.hasRow else { return }
    for (rows, table) in [(attempts, "attempts"), (results, "results"), (inputs, "inputs")] where rows.hasRow {
      orphan(rows, table, &report)
    }
  }

  /// The rows of one job; rows of jobs before it, which have no row themselves, are faults.
  private func take(
    _ rows: StoredRows, _ table: String, _ word: StaticString, _ id: [UInt8], _ report: inout ChainReport,
    _ body: ([UInt8]) -> Void
  ) throws {
    var row: [UInt8] = []
    while rows.hasRow {
      let order = rows.order(to: id)
      guard order <= 0 else { return }
      if order < 0 {
        if report.faults.count < ChainReport.limit { orphan(rows, table, &report) }
      } else {
        row.removeAll(keepingCapacity: true)
        rows.append(word, to: &row)
        body(row)
      }
      try rows.next()
    }
  }

  private func orphan(_ rows: StoredRows, _ table: String, _ report: inout ChainReport) {
    report.faults.append(
      ChainFault(.stateDiffers, job: rows.text(0), "the table \(table) has a row of it, but there is no such job"))
  }

  /// The second column of a job's row; nil where it has none.
  private func digestOf(_ rows: StoredRows, _ id: [UInt8]) throws -> String? {
    while rows.hasRow {
      let order = rows.order(to: id)
      if order == 0 { return rows.text(1) }
      if order > 0 { return nil }
      try rows.next()
    }
    return nil
  }
}
