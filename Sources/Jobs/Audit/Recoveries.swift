internal import GRDB

/// Events lost with a database by its RECOVERED events: gaps that they explain.
struct Recoveries {
  private var lost: [(range: ClosedRange<Int64>, recovery: Int64)] = []

  init(_ database: Database, from first: Int64) throws {
    let rows = try Row.fetchCursor(
      database, sql: "SELECT sequence, details FROM events WHERE sequence >= ? AND kind = 'RECOVERED'",
      arguments: [first])
    while let row = try rows.next() {
      let ranges = JobRow.details(row["details"])["lost"].map(Self.ranges) ?? []
      lost += ranges.map { ($0, row["sequence"]) }
    }
  }

  /// The event that records the loss of all these events.
  func explains(_ range: ClosedRange<Int64>) -> Int64? {
    lost.first { $0.range.lowerBound <= range.lowerBound && range.upperBound <= $0.range.upperBound }?.recovery
  }

  /// `3-7 12-12` as ranges.
  static func ranges(_ text: String) -> [ClosedRange<Int64>] {
    text.split(separator: " ").compactMap { part in
      let ends = part.split(separator: "-").compactMap { Int64($0) }
      return ends.count == 2 && ends[0] <= ends[1] ? ends[0]...ends[1] : nil
    }
  }

  static func text(_ ranges: [ClosedRange<Int64>]) -> String {
    ranges.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: " ")
  }
}
