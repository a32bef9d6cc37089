/// A column of a table: its header, and the content under it in each row.
package struct Column<Row>: Sendable {
  package internal(set) var name: String
  let cell: @Sendable (Row) -> Cell

  package init(_ name: String, _ value: @escaping @Sendable (Row) -> some CellValue) {
    self.name = name
    cell = { value($0).cell }
  }
}

/// A table that is written: columns, each a header together with the rule for its cells, so that no cell can come under
/// another header. Every table of radiomicsd is written through this type.
package struct Table<Row>: Sendable {
  /// Each name once: a name that was there already gets `.1`, `.2`, … as pandas writes it.
  package let columns: [Column<Row>]

  package init(_ columns: [Column<Row>]) {
    var taken = Set(columns.map(\.name))
    var seen: Set<String> = []
    self.columns = columns.map { column in
      guard !seen.insert(column.name).inserted else { return column }
      var copy = column
      var number = 1
      while !taken.insert("\(column.name).\(number)").inserted { number += 1 }
      copy.name = "\(column.name).\(number)"
      return copy
    }
  }

  package var header: [String] { columns.map(\.name) }

  /// The header as one record of RFC 4180, ended by CR LF.
  package var headerLine: String { Self.line(columns.map { .text($0.name) }) }

  /// A row as one record of RFC 4180, ended by CR LF.
  package func line(_ row: Row) -> String { Self.line(columns.map { $0.cell(row) }) }

  /// The whole table as text.
  package func csv(_ rows: some Sequence<Row>) -> String { rows.reduce(into: headerLine) { $0 += line($1) } }

  /// The whole table as a file's bytes, in UTF-8.
  package func csvBytes(_ rows: some Sequence<Row>) -> [UInt8] { Array(csv(rows).utf8) }

  private static func line(_ cells: [Cell]) -> String { cells.map(\.csv).joined(separator: ",") + "\r\n" }
}
