internal import Foundation
internal import GRDB

/// All events as one table or document, for auditors.
public enum AuditExport {
  public enum Format: Sendable { case csv, json }

  public static let header = [
    "sequence", "time", "boot_time_ns", "job", "kind", "from_state", "to_state", "attempt", "actor", "details",
    "previous_hash", "hash", "state_sha256",
  ]

  static func line(_ row: Row) -> String {
    CSV.line([
      .integer(row["sequence"]), .text(row["time"]), .integer(row["boot_time"]), CSV.Cell(row["job"] as String?),
      .text(row["kind"]), CSV.Cell(row["from_state"] as String?), CSV.Cell(row["to_state"] as String?),
      CSV.Cell(row["attempt"] as Int?), .text(row["actor"]), .text(row["details"]), .text(row["previous_hash"]),
      .text(row["hash"]), CSV.Cell(row["state_sha256"] as String?),
    ])
  }

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
  /// - Parameter write: called with the text's next piece.
  public func exportEvents(
    _ format: AuditExport.Format, from: Timestamp? = nil, to: Timestamp? = nil, write: (String) throws -> Void
  ) throws {
    try read { database in
      var text = format == .csv ? CSV.line(AuditExport.header.map(CSV.Cell.text)) : "["
      var isFirst = true
      let rows = try Row.fetchCursor(
        database, sql: "SELECT * FROM events WHERE time >= ? AND time < ? ORDER BY sequence",
        arguments: [from?.description ?? "", to?.description ?? "~"])
      while let row = try rows.next() {
        text += format == .csv ? AuditExport.line(row) : (isFirst ? "\n" : ",\n") + AuditExport.object(row)
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
