internal import Documents
internal import Foundation
internal import GRDB

/// All events as one table or document, for auditors.
package enum AuditExport {
  package enum Format: Sendable { case csv, json }

  static let table = Table<Row>([
    Column("sequence") { $0["sequence"] as Int64 },
    Column("time") { $0["time"] as String },
    Column("boot_time_ns") { $0["boot_time"] as Int64 },
    Column("job") { $0["job"] as String? },
    Column("kind") { $0["kind"] as String },
    Column("from_state") { $0["from_state"] as String? },
    Column("to_state") { $0["to_state"] as String? },
    Column("attempt") { $0["attempt"] as Int? },
    Column("actor") { $0["actor"] as String },
    Column("details") { $0["details"] as String },
    Column("previous_hash") { $0["previous_hash"] as String },
    Column("hash") { $0["hash"] as String },
    Column("state_sha256") { $0["state_sha256"] as String? },
  ])

  static func object(_ row: Row) -> String {
    func text(_ column: String) -> String { (row[column] as String?).map(JSONText.string) ?? "null" }
    return "{\"sequence\":\(row["sequence"] as Int64),\"time\":\(text("time"))"
      + ",\"bootTime\":\(row["boot_time"] as Int64),\"job\":\(text("job")),\"kind\":\(text("kind"))"
      + ",\"from\":\(text("from_state")),\"to\":\(text("to_state"))"
      + ",\"attempt\":\((row["attempt"] as Int?).map { "\($0)" } ?? "null"),\"actor\":\(text("actor"))"
      + ",\"details\":\(JSONText.object(JobRow.details(row["details"]))),\"previousHash\":\(text("previous_hash"))"
      + ",\"hash\":\(text("hash"))"
      + ((row["state_sha256"] as String?).map { ",\"stateHash\":\(JSONText.string($0))" } ?? "") + "}"
  }
}

extension JobStore {
  /// Writes the events of a span of time, in order, piece by piece.
  ///
  /// - Parameter write: called with the next piece of the text.
  package func exportEvents(
    _ format: AuditExport.Format, from: Timestamp? = nil, to: Timestamp? = nil, write: (String) throws -> Void
  ) throws {
    try read { database in
      var text = format == .csv ? AuditExport.table.headerLine : "["
      var isFirst = true
      let rows = try Row.fetchCursor(
        database, sql: "SELECT * FROM events WHERE time >= ? AND time < ? ORDER BY sequence",
        arguments: [from?.description ?? "", to?.description ?? "~"])
      while let row = try rows.next() {
        text += format == .csv ? AuditExport.table.line(row) : (isFirst ? "\n" : ",\n") + AuditExport.object(row)
        isFirst = false
        if text.utf8.count > 1 << 16 {
          try write(text)
          text = ""
        }
      }
      try write(text + (format == .csv ? "" : isFirst ? "]\n" : "\n]\n"))
    }
  }
}
