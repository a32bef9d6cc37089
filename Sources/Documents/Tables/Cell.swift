/// The content under one header in one row of a table.
package enum Cell: Sendable, Equatable {
  case text(String)
  case integer(Int64)
  case number(Double)
  case flag(Bool)
  case empty

  /// The cell as RFC 4180 has it, safe to open in a spreadsheet: the one form of every table that is written.
  ///
  /// A text that a spreadsheet would run as a formula (it begins with = + - @, their full-width forms, a tab, a line end
  /// or NUL) gets an apostrophe in front (CWE-1236). A number is the shortest text that reads back as the same double,
  /// `inf` and `-inf` where it is infinite, as PyRadiomics and pandas write them, and an empty cell where it is NaN.
  package var csv: String {
    switch self {
    case .text(let text): Self.quoted(Self.defused(text))
    case .integer(let value): String(value)
    case .number(let value): value.isNaN ? "" : value.description
    case .flag(let value): value ? "true" : "false"
    case .empty: ""
    }
  }

  private static func defused(_ text: String) -> String {
    guard let first = text.unicodeScalars.first else { return text }
    switch first {
    case "=", "+", "-", "@", "\t", "\r", "\n", "\0", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": return "'" + text
    default: return text
    }
  }

  private static func quoted(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0 == "," || $0 == "\"" || $0 == "\r" || $0 == "\n" }) else {
      return text
    }
    var out = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { out += "\"" }
      out.unicodeScalars.append(scalar)
    }
    return out + "\""
  }
}

/// A value that a column can hold.
package protocol CellValue: Sendable {
  var cell: Cell { get }
}

extension Cell: CellValue {
  package var cell: Cell { self }
}

extension String: CellValue {
  package var cell: Cell { .text(self) }
}

extension Double: CellValue {
  package var cell: Cell { .number(self) }
}

extension Int: CellValue {
  package var cell: Cell { .integer(Int64(self)) }
}

extension Int64: CellValue {
  package var cell: Cell { .integer(self) }
}

extension Bool: CellValue {
  package var cell: Cell { .flag(self) }
}

/// Where there is nothing, the cell is empty.
extension Optional: CellValue where Wrapped: CellValue {
  package var cell: Cell { self?.cell ?? .empty }
}
