/// Comma-separated values as RFC 4180 has them, safe to open in a spreadsheet.
///
/// A text cell that a spreadsheet would take for a formula (it begins with = + - @, a tab or a carriage return) gets an
/// apostrophe in front (CWE-1236). Numbers are written as they are: a negative number is no formula.
public enum CSV {
  public enum Cell: Sendable, Equatable {
    case text(String)
    case integer(Int64)
    /// The shortest digits that read back as the same number; not finite gives an empty cell.
    case number(Double)
    case flag(Bool)
    case empty
  }

  /// One record with its line end.
  public static func line(_ cells: [Cell]) -> String { cells.map(rendered).joined(separator: ",") + "\r\n" }

  static func rendered(_ cell: Cell) -> String {
    switch cell {
    case .text(let text): quoted(defused(text))
    case .integer(let value): String(value)
    case .number(let value): value.isFinite ? String(value) : ""
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

extension CSV.Cell {
  init(_ text: String?) { self = text.map(CSV.Cell.text) ?? .empty }
  init(_ value: Double?) { self = value.map(CSV.Cell.number) ?? .empty }
  init(_ value: Int?) { self = value.map { .integer(Int64($0)) } ?? .empty }
  init(_ value: Int64?) { self = value.map(CSV.Cell.integer) ?? .empty }
  init(_ value: Bool?) { self = value.map(CSV.Cell.flag) ?? .empty }
}
