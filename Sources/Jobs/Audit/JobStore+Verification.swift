internal import Foundation
internal import GRDB
internal import Hashing

extension JobStore {
  /// Reads the chain and holds it against itself, against the tables of jobs, against anchors and against its mirror.
  ///
  /// - Parameters:
  ///   - anchors: heads that were kept elsewhere.
  ///   - mirror: the folder of the mirror of events; nil for none.
  ///   - last: only this many events, and no tables: a look at the tail. Nil reads all.
  public func verifyChain(
    anchors: [ChainAnchor] = [], mirror: String? = nil, last: Int64? = nil
  ) throws -> ChainReport {
    // The mirror is written after the database: what is in it now the database must have.
    let mirrorHead = mirror.map { AuditMirror.head($0).sequence }
    return try read { database in
      let head = try EventChain.head(in: database)
      var report = ChainReport(
        events: 0, head: head.sequence, hash: head.hash, jobs: try JobRow.count(in: database), anchors: anchors.count,
        faults: [])
      let first = last.map { max(1, head.sequence - $0 + 1) } ?? 1
      let recoveries = try Recoveries(database, from: first)
      try Self.verifyEvents(from: first, recoveries, &report, database)
      for anchor in anchors { try Self.verify(anchor, recoveries, &report, database) }
      if let mirror, let mirrorHead { try Self.verify(mirror, upTo: mirrorHead, &report, database) }
      if last == nil { try Self.verifyTables(&report, database) }
      report.faults = Array(report.faults.prefix(ChainReport.limit))
      return report
    }
  }

  private static func verifyEvents(
    from first: Int64, _ recoveries: Recoveries, _ report: inout ChainReport, _ database: Database
  ) throws {
    var expected = first
    var previous: String? = first == 1 ? EventChain.origin : nil
    let rows = try Row.fetchCursor(
      database, sql: "SELECT * FROM events WHERE sequence >= ? ORDER BY sequence", arguments: [first])
    while let row = try rows.next(), report.faults.count < ChainReport.limit {
      report.events += 1
      let sequence: Int64 = row["sequence"]
      if sequence != expected {
        let gone = sequence - 1 > expected ? "events \(expected) to \(sequence - 1) are" : "event \(expected) is"
        if let recovery = recoveries.explains(expected...max(expected, sequence - 1)) {
          report.explained.append("\(gone) not there: lost before the recovery that event \(recovery) records")
        } else {
          report.faults.append(ChainFault(.removed, sequence: expected, "\(gone) not there"))
        }
      }
      let stated: String = row["hash"]
      if let previous, sequence == expected, row["previous_hash"] as String != previous {
        report.faults.append(
          ChainFault(.notContinued, sequence: sequence, "it does not continue event \(sequence - 1)"))
      }
      if EventChain.hash(of: row) != stated {
        report.faults.append(ChainFault(.edited, sequence: sequence, "its content does not have its hash"))
      }
      previous = stated
      expected = sequence + 1
    }
  }

  private static func verify(
    _ anchor: ChainAnchor, _ recoveries: Recoveries, _ report: inout ChainReport, _ database: Database
  ) throws {
    guard anchor.sequence > 0 else { return }
    guard anchor.sequence <= report.head else {
      report.faults.append(
        ChainFault(
          .truncated, sequence: report.head,
          "the chain ends here, but an anchor of \(anchor.time) knows event \(anchor.sequence)"))
      return
    }
    let found = try String.fetchOne(
      database, sql: "SELECT hash FROM events WHERE sequence = ?", arguments: [anchor.sequence])
    guard found != anchor.hash else { return }
    if found == nil, let recovery = recoveries.explains(anchor.sequence...anchor.sequence) {
      report.explained.append(
        "the anchor of \(anchor.time) knows event \(anchor.sequence): lost before the recovery of event \(recovery)")
      return
    }
    report.faults.append(
      ChainFault(
        .rebuilt, sequence: anchor.sequence,
        "it is not the event that the anchor of \(anchor.time) knows: the chain was written anew"))
  }

  /// The mirror says what the chain says.
  private static func verify(
    _ mirror: String, upTo last: Int64, _ report: inout ChainReport, _ database: Database
  ) throws {
    guard last <= report.head else {
      report.faults.append(
        ChainFault(
          .truncated, sequence: report.head, "the chain ends here, but its mirror knows event \(last)"))
      return
    }
    let statement = try database.makeStatement(sql: "SELECT hash FROM events WHERE sequence = ?")
    var compared: Int64 = 0
    var unreadable = 0
    try MirrorLog.forEachLine(mirror, "events") { line in
      guard let event = try? JSONDecoder().decode(MirroredEvent.self, from: line) else {
        unreadable += 1
        return
      }
      guard event.sequence <= last, report.faults.count < ChainReport.limit else { return }
      compared += 1
      let stored = try String.fetchOne(statement, arguments: [event.sequence])
      if stored != event.hash || event.ownHash != event.hash {
        let what = stored == event.hash ? "was edited in the mirror" : "is another one in the mirror"
        report.faults.append(ChainFault(.mirrorDiffers, sequence: event.sequence, "it \(what)"))
      }
    }
    report.mirrored = compared
    if unreadable > 0 {
      report.faults.append(ChainFault(.mirrorDiffers, "\(unreadable) lines of the mirror are no events"))
    }
  }

  /// The tables say what the chain says.
  private static func verifyTables(_ report: inout ChainReport, _ database: Database) throws {
    func differs(_ job: String, _ message: String) {
      report.faults.append(ChainFault(.stateDiffers, job: job, message))
    }
    let states = try Row.fetchCursor(
      database,
      sql: """
        SELECT jobs.id, jobs.state, last.to_state FROM jobs LEFT JOIN events AS last ON last.sequence =
          (SELECT max(sequence) FROM events WHERE job = jobs.id AND to_state IS NOT NULL)
        WHERE last.to_state IS NOT jobs.state ORDER BY jobs.sequence LIMIT 50
        """)
    while let row = try states.next() {
      let (id, state, recorded) = (row["id"] as String, row["state"] as String, row["to_state"] as String?)
      if let recorded {
        differs(id, "its state is \(state), but its last event says \(recorded)")
      } else {
        report.faults.append(ChainFault(.jobMissing, job: id, "it has no event"))
      }
    }
    let gone = try Row.fetchCursor(
      database,
      sql: """
        SELECT job FROM events WHERE job IS NOT NULL GROUP BY job HAVING job NOT IN (SELECT id FROM jobs)
          AND max(CASE WHEN kind IN ('CLAIM_ABORTED', 'RECOVERED') THEN sequence END) IS NULL AND count(to_state) > 0 LIMIT 50
        """)
    while let row = try gone.next() {
      report.faults.append(ChainFault(.jobMissing, job: row["job"], "it has events, but its row is gone"))
    }
    try verifyInputs(database, differs)
    try verifyResults(database, differs)
  }

  private static func verifyInputs(_ database: Database, _ differs: (String, String) -> Void) throws {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT jobs.id, jobs.input_digest, (SELECT details FROM events WHERE job = jobs.id
          AND kind IN ('ADMITTED', 'COPY_RECOVERED', 'RECOVERED') AND details LIKE '%"input_digest"%'
          ORDER BY sequence DESC LIMIT 1) AS details
        FROM jobs WHERE jobs.input_digest IS NOT NULL ORDER BY jobs.sequence
        """)
    while let row = try rows.next() {
      let (id, digest) = (row["id"] as String, row["input_digest"] as String)
      let details = JobRow.details(row["details"])
      if let recorded = details["input_digest"], recorded != digest {
        differs(id, "its input digest is not the one recorded at admission")
      }
      let files = try String.fetchAll(
        database, sql: "SELECT sha256 FROM inputs WHERE job = ? ORDER BY sha256", arguments: [id])
      // The digest of a study with archives is of what they hold; that of the files themselves is on record beside it.
      if !files.isEmpty, sha256(files.joined(separator: "\n")) != details["files_digest"] ?? digest {
        differs(id, "its list of input files does not have its digest")
      }
    }
  }

  private static func verifyResults(_ database: Database, _ differs: (String, String) -> Void) throws {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT results.*, (SELECT details FROM events WHERE events.job = results.job
          AND details LIKE '%"record_sha256"%' ORDER BY sequence DESC LIMIT 1) AS details
        FROM results ORDER BY results.rowid
        """)
    while let row = try rows.next() {
      guard let recorded = JobRow.details(row["details"])["record_sha256"] else { continue }
      if JobRow.result(row).digest != recorded {
        differs(row["job"], "its result is not the one recorded when it was computed")
      }
    }
  }
}
