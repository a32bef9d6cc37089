/// The separator of the cells of a table that a spreadsheet wrote.
package struct TableSeparator: Sendable, Equatable {
  /// A comma, a semicolon or a tab.
  package let byte: UInt8
  /// Where the header starts: after Excel's line `sep=,`, if there is one.
  let start: Int

  /// Numbers may have a decimal comma: cells are not separated by one.
  package var allowsDecimalComma: Bool { byte != UInt8(ascii: ",") }

  private static let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]

  /// The separator in the first line (`sep=;`), otherwise the one of comma, semicolon and tab that occurs most in the
  /// header, outside quotes.
  package init(of bytes: [UInt8]) {
    if let told = Self.told(bytes) {
      (byte, start) = told
      return
    }
    var counts = [0, 0, 0]
    var isQuoted = false
    for byte in bytes {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if isQuoted { continue }
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
      if let index = Self.candidates.firstIndex(of: byte) { counts[index] += 1 }
    }
    (byte, start) = (Self.candidates[counts.firstIndex(of: counts.max() ?? 0) ?? 0], 0)
  }

  /// Excel's first line: `sep=` and the separator, in quotes or not.
  private static func told(_ bytes: [UInt8]) -> (byte: UInt8, start: Int)? {
    var at = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let isQuoted = at < bytes.count && bytes[at] == UInt8(ascii: "\"")
    if isQuoted { at += 1 }
    guard at + 5 <= bytes.count,
      String(decoding: bytes[at..<(at + 4)], as: UTF8.self).lowercased() == "sep=", candidates.contains(bytes[at + 4])
    else { return nil }
    let separator = bytes[at + 4]
    at += 5
    if isQuoted {
      guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { return nil }
      at += 1
    }
    // A spreadsheet that saves the line again adds empty cells.
    while at < bytes.count, candidates.contains(bytes[at]) { at += 1 }
    guard at < bytes.count else { return (separator, at) }
    if bytes[at] == UInt8(ascii: "\r") {
      return (separator, at + (at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "\n") ? 2 : 1))
    }
    return bytes[at] == UInt8(ascii: "\n") ? (separator, at + 1) : nil
  }
}
