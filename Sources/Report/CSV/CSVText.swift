extension String {
  /// A text as one CSV cell (RFC 4180), made harmless for spreadsheets.
  ///
  /// A spreadsheet runs a cell that begins with `= + - @`, their full-width forms, TAB, CR, LF or NUL as a formula
  /// (CWE-1236): such a text gets an apostrophe in front. Numbers must not pass through here.
  var csvCell: String {
    let dangerous = "=+-@\t\r\n\0\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars
    let guarded = unicodeScalars.first.map(dangerous.contains) == true ? "'" + self : self
    let needsQuotes = guarded.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
    guard needsQuotes else { return guarded }
    var quoted = "\""
    for scalar in guarded.unicodeScalars {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}

extension Double {
  /// A number as one CSV cell: the shortest text that reads back as the same double; empty for NaN.
  var csvCell: String { isNaN ? "" : description }
}
