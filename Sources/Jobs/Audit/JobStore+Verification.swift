internal import Foundation
internal import GRDB
internal import Hashing

extension JobStore {
  /// Reads the chain and compares it with itself, with the tables of jobs, with anchors and with its mirror.
  ///
  /// - Parameters:
  ///   - anchors: heads that were stored elsewhere.
  ///   - own: the anchors that the daemon stores beside the database; nil to ignore them. They are read again: a
  ///     running daemon may write the next one meanwhile.
  ///   - mirror: the folder of the mirror of events; nil for none.
  ///   - last: only this many events, and no rows of tables: a check of the tail. Nil reads all.
  package func verifyChain(
    anchors elsewhere: [ChainAnchor] = [], own: @autoclosure () throws -> [ChainAnchor]? = nil, mirror: String? = nil,
    last: Int64? = nil
  ) throws -> ChainReport {
    // Mirror and anchors are written after the database: the database must contain all that they contain now.
    let anchors = try (own() ?? []) + elsewhere
    let mirrorHead = mirror.map { AuditMirror.head($0).sequence }
    return try read { database in
      let schema = try Self.schema(database)
      do {
        var report = try Self.verify(database, schema, anchors, mirror, mirrorHead, last)
        // The statements of the database about them must still be true.
        report.faults += try Witnesses(database).missing(own: own(), mirror: mirror)
        report.faults = Array((schema.faults + report.faults).prefix(ChainReport.limit))
        return report
      } catch let error as DatabaseError where !schema.faults.isEmpty {
        // A required table or column is missing.
        let faults =
          schema.faults + [ChainFault(.schemaDiffers, "what is there cannot be read: \(error.message ?? "")")]
        return ChainReport(events: 0, head: 0, hash: "", jobs: 0, anchors: anchors.count, faults: faults)
      }
    }
  }

  private static func verify(
    _ database: Database, _ schema: (faults: [ChainFault], isOlder: Bool), _ anchors: [ChainAnchor],
    _ mirror: String?, _ mirrorHead: Int64?, _ last: Int64?
  ) throws -> ChainReport {
    let head = try EventChain.head(in: database)
    var report = ChainReport(
      events: 0, head: head.sequence, hash: head.hash, jobs: try JobRow.count(in: database), anchors: anchors.count,
      faults: [])
    let first = last.map { max(1, head.sequence - $0 + 1) } ?? 1
    let recoveries = try Recoveries(database, from: first)
    try verifyEvents(from: first, hasDigests: !schema.isOlder, recoveries, &report, database)
    for anchor in anchors { try verify(anchor, recoveries, &report, database) }
    if let mirror, let mirrorHead { try verify(mirror, upTo: mirrorHead, recoveries, &report, database) }
    guard last == nil else { return report }
    try verifyTables(&report, database)
    if schema.isOlder {
      report.explained.append("an older radiomicsd made this database: the next start of the daemon covers its rows")
    } else {
      report.coveredSince = try coveredSince(database)
      try verifyRows(&report, database)
      try reportNotes(&report, database)
    }
    return report
  }

  /// How the schema differs. A database whose events have no column for digests is of an older version, and is compared
  /// with nothing: without that column the events that have a digest do not match their hash.
  private static func schema(_ database: Database) throws -> (faults: [ChainFault], isOlder: Bool) {
    let columns = try String.fetchAll(database, sql: "SELECT name FROM pragma_table_info('events')")
    if !columns.isEmpty, !columns.contains("state_sha256") { return ([], true) }
    return (try SchemaObjects.differences(in: database).map { ChainFault(.schemaDiffers, $0) }, false)
  }

  private static func verifyEvents(
    from first: Int64, hasDigests: Bool, _ recoveries: Recoveries, _ report: inout ChainReport, _ database: Database
  ) throws {
    var expected = first
    var previous: String? = first == 1 ? EventChain.origin : nil
    // Includes rows before the expected first event, where all are read.
    let rows = try StoredRows(
      database,
      "SELECT \(EventChain.columns(hasDigests: hasDigests)) FROM events WHERE sequence >= ? ORDER BY sequence",
      [first == 1 ? Int64.min : first])
    while try rows.next(), report.faults.count < ChainReport.limit {
      report.events += 1
      let sequence = rows.integer(0)
      if sequence > expected {
        let gone = sequence - 1 > expected ? "events \(expected) to \(sequence - 1) are" : "event \(expected) is"
        if let recovery = recoveries.explains(expected...(sequence - 1)) {
          report.explained.append("\(gone) not there: lost before the recovery that event \(recovery) records")
        } else {
          report.faults.append(ChainFault(.removed, sequence: expected, "\(gone) not there"))
        }
      }
      let stated = rows.text(11)
      if sequence < expected || previous.map({ sequence == expected && rows.text(10) != $0 }) ?? false {
        report.faults.append(
          ChainFault(.notContinued, sequence: sequence, "it does not continue event \(sequence - 1)"))
      }
      if EventChain.hash(of: rows) != stated {
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
        "it is not the event in the anchor of \(anchor.time): the chain was rewritten"))
  }

  /// Checks that the mirror agrees with the chain. Its older files may have been moved away; from the first event that
  /// it has, it must be complete.
  private static func verify(
    _ mirror: String, upTo last: Int64, _ recoveries: Recoveries, _ report: inout ChainReport, _ database: Database
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
    // The oldest file is named after its first event.
    var before = MirrorLog.files(mirror, "events").first.flatMap(MirrorLog.firstSequence).map { $0 - 1 }
    try MirrorLog.forEachLine(mirror, "events") { line in
      guard let event = try? JSONDecoder().decode(MirroredEvent.self, from: line) else {
        unreadable += 1
        return
      }
      guard event.sequence <= last, report.faults.count < ChainReport.limit else { return }
      compared += 1
      if let gone = before.map({ $0 + 1 }), event.sequence > gone,
        recoveries.explains(gone...(event.sequence - 1)) == nil
      {
        report.faults.append(
          ChainFault(.mirrorDiffers, sequence: gone, "the mirror leaves out what is before event \(event.sequence)"))
      }
      before = max(before ?? event.sequence, event.sequence)
      let stored = try String.fetchOne(statement, arguments: [event.sequence])
      if stored != event.hash || event.ownHash != event.hash {
        let what = stored == event.hash ? "was edited in the mirror" : "is another one in the mirror"
        report.faults.append(ChainFault(.mirrorDiffers, sequence: event.sequence, "it \(what)"))
      }
    }
    report.mirrored = compared
    if unreadable > 0 {
      report.faults.append(ChainFault(.mirrorDiffers, "\(unreadable) lines of the mirror are not events"))
    }
  }

  /// Jobs that have events and no row. A claim that took nothing, and a row that a recovery found lost, are not faults:
  /// their last event states it.
  static let goneJobs = """
    SELECT job FROM (SELECT job FROM events WHERE job IS NOT NULL GROUP BY job HAVING count(to_state) > 0) AS known
      WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE id = known.job) AND NOT EXISTS
        (SELECT 1 FROM events AS last WHERE last.sequence = (SELECT max(sequence) FROM events
            WHERE job = known.job AND (to_state IS NOT NULL OR kind IN ('CLAIM_ABORTED', 'RECOVERED')))
          AND (kind = 'CLAIM_ABORTED' OR kind = 'RECOVERED' AND details LIKE '%"row":"lost"%'))
    """

  /// Checks that the tables agree with the chain.
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
    let gone = try String.fetchCursor(database, sql: goneJobs + " LIMIT 50")
    while let job = try gone.next() {
      report.faults.append(ChainFault(.jobMissing, job: job, "it has events, but its row is gone"))
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
      // The digest of a study with archives covers their contents; the digest of the files themselves is recorded too.
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
