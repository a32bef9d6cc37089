extension String {
  /// The text safe for one line of a log or terminal: control characters, line separators and characters that
  /// reorder text are shown as `\u{XXXX}`, so that file content can neither forge a line nor drive a terminal.
  package var escapedForLine: String {
    var out = ""
    out.reserveCapacity(utf8.count)
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
        out += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      default:
        out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}
