internal import Errors

/// Comma-separated values (RFC 4180): quoted cells, doubled quotes, lines that end in LF, CR LF or CR, an optional
/// byte-order mark. Empty lines do not count. Malformed text is an error that names its line.
package struct CSVParser {
  static let cellLimit = 50_000_000

  private let bytes: [UInt8]
  private let file: String?
  private let separator: UInt8
  private var position = 0
  private var line = 1

  private init(bytes: [UInt8], file: String?, separator: UInt8) {
    self.bytes = bytes
    self.separator = separator
    self.file = file
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// The rows, each with the number of the line where it starts.
  ///
  /// - Parameter separator: the character between two cells.
  package static func rows(
    _ bytes: [UInt8], file: String?, separator: UInt8 = UInt8(ascii: ",")
  ) throws -> [(line: Int, cells: [String])] {
    var parser = CSVParser(bytes: bytes, file: file, separator: separator)
    return try parser.rows()
  }

  /// The rows of a table whose separator was found; the line that names it is skipped.
  package static func rows(
    _ bytes: [UInt8], file: String?, separator: TableSeparator
  ) throws -> [(line: Int, cells: [String])] {
    var parser = CSVParser(bytes: bytes, file: file, separator: separator.byte)
    if separator.start > 0 { (parser.position, parser.line) = (separator.start, 2) }
    return try parser.rows()
  }

  private mutating func rows() throws -> [(line: Int, cells: [String])] {
    var rows: [(line: Int, cells: [String])] = []
    var cells = 0
    while position < bytes.count {
      let line = line
      let row = try row()
      cells += row.count
      guard cells <= Self.cellLimit else { throw fault("has more than \(Self.cellLimit) cells") }
      if row != [""] { rows.append((line, row)) }
    }
    return rows
  }

  private mutating func row() throws -> [String] {
    var cells: [String] = []
    while true {
      cells.append(try cell())
      guard position < bytes.count else { return cells }
      if bytes[position] == separator {
        position += 1
        // A separator at the very end of the file is followed by an empty cell.
        if position == bytes.count { return cells + [""] }
        continue
      }
      endLine()
      return cells
    }
  }

  private mutating func cell() throws -> String {
    guard bytes[position] == UInt8(ascii: "\"") else { return try plainCell() }
    let opened = line
    position += 1
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\n") { line += 1 }
      guard byte == UInt8(ascii: "\"") else {
        text.append(byte)
        continue
      }
      if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
        text.append(byte)
        position += 1
      } else {
        guard position == bytes.count || endsCell(bytes[position]) else {
          throw fault("has text after the closing quote of a cell")
        }
        return String(decoding: text, as: UTF8.self)
      }
    }
    throw fault("ends within the quoted cell that begins on line \(opened)")
  }

  private mutating func plainCell() throws -> String {
    let first = position
    while position < bytes.count, !endsCell(bytes[position]) {
      guard bytes[position] != UInt8(ascii: "\""), bytes[position] != 0 else {
        throw fault("has a quote or a NUL within a cell that does not begin with a quote")
      }
      position += 1
    }
    return String(decoding: bytes[first..<position], as: UTF8.self)
  }

  private mutating func endLine() {
    if bytes[position] == UInt8(ascii: "\r"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "\n") {
      position += 1
    }
    position += 1
    line += 1
  }

  private func endsCell(_ byte: UInt8) -> Bool {
    byte == separator || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  private func fault(_ message: String) -> StudyError {
    StudyError(
      .featureTable, "line \(line) of the table \(message)", file: file,
      hint: "write comma-separated values as RFC 4180 describes them")
  }
}
