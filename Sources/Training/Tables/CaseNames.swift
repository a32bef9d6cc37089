internal import Errors

/// Matches the names of cases in two tables.
enum CaseNames {
  /// The form of a name without the changes that spreadsheets make: leading zeros are lost (`007` becomes `7`), a
  /// number gains `.0`, blanks and case change. Two names with one key may be the same case.
  static func key(_ name: String) -> String {
    var text = Substring(name.lowercased().filter { !$0.isWhitespace })
    if let point = text.lastIndex(of: "."), text.index(after: point) < text.endIndex,
      text[text.index(after: point)...].allSatisfy({ $0 == "0" }), text[..<point].allSatisfy(\.isNumber)
    {
      text = text[..<point]
    }
    // Zeros before a number, at the start of the name or of a part of it.
    var out = ""
    var digits = ""
    func flush() {
      let kept = digits.drop { $0 == "0" }
      out += digits.isEmpty ? "" : kept.isEmpty ? "0" : String(kept)
      digits = ""
    }
    for character in text {
      if character.isASCII, character.isNumber {
        digits.append(character)
      } else {
        flush()
        out.append(character)
      }
    }
    flush()
    return out
  }

  /// A number that a spreadsheet has rounded: `1.23457E+11` names several cases.
  static func isRounded(_ name: String) -> Bool {
    let parts = name.lowercased().split(separator: "e", omittingEmptySubsequences: false)
    return parts.count == 2 && parts[1].first == "+" && Int(parts[1].dropFirst()) != nil && Double(parts[0]) != nil
  }

  /// For names of one table that the other lacks, the other's name with the same key: only where the match is unique in
  /// both directions.
  static func pairs(_ missing: [String], in others: [String]) -> [String: String] {
    let own = Dictionary(grouping: missing, by: key)
    let foreign = Dictionary(grouping: others, by: key)
    var out: [String: String] = [:]
    for (key, names) in own {
      if names.count == 1, let found = foreign[key], found.count == 1 { out[names[0]] = found[0] }
    }
    return out
  }
}
