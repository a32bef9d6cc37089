internal import Documents
internal import Errors
internal import FoundationEssentials
internal import Model

/// A table of text cells with a header: RFC 4180, or the same with semicolons or tabs, as spreadsheets in many locales
/// write it. A byte-order mark, quoted cells and all line ends are accepted.
struct DelimitedTable: Sendable {
  struct Row: Sendable {
    /// Line in the file where the row starts.
    var line: Int
    var cells: [String]
  }

  let file: String
  /// As in the header, without surrounding blanks.
  let columns: [String]
  let rows: [Row]
  /// Notes for the user on how it was read.
  let notes: [String]
  /// Numbers may have a decimal comma: cells are not separated by one.
  let allowsDecimalComma: Bool

  static let sizeLimit = 256 << 20

  /// - Throws: `E_NOT_FOUND`, `E_TRAIN_TABLE`, `E_FEATURE_TABLE` where the text is malformed.
  init(contentsOf path: String) throws {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw StudyError(.notFound, "the table cannot be read", file: path, hint: "give a CSV file with a header")
    }
    try self.init(bytes: Array(data), file: path)
  }

  init(bytes: [UInt8], file: String) throws {
    self.file = file
    guard bytes.count <= Self.sizeLimit else {
      throw StudyError(.trainTable, "the table has more than \(Self.sizeLimit) bytes", file: file)
    }
    let text = try TableText(bytes, file: file)
    let bytes = text.bytes
    notes = text.note.map { ["\(file): \($0)"] } ?? []
    let separator = TableSeparator(of: bytes)
    allowsDecimalComma = separator.allowsDecimalComma
    let parsed = try CSVParser.rows(bytes, file: file, separator: separator)
    guard let header = parsed.first?.cells else {
      throw StudyError(.trainTable, "the table is empty", file: file, hint: "give a CSV file with a header")
    }
    columns = header.map(\.trimmed)
    var seen: Set<String> = []
    for (index, name) in columns.enumerated() where !name.isEmpty {
      guard seen.insert(name).inserted else {
        throw StudyError(.trainTable, "the table has a second column \(name) (column \(index + 1))", file: file)
      }
    }
    let count = columns.count
    rows = try parsed.dropFirst().map { line, cells in
      guard cells.count == count else {
        throw StudyError(
          .trainTable, "line \(line) of the table has \(cells.count) cells, its header \(count)", file: file,
          hint: "quote cells that hold a separator, and give every row every column")
      }
      return Row(line: line, cells: cells)
    }
    guard !rows.isEmpty else { throw StudyError(.trainTable, "the table has a header and no row", file: file) }
  }

  func index(of name: String) -> Int? { columns.firstIndex(of: name) }

  /// The column with that name, otherwise the only one that differs from it in case, blanks and points.
  func index(like name: String) -> Int? {
    if let index = index(of: name) { return index }
    let key = FeatureName.key(name)
    let found = columns.indices.filter { FeatureName.key(columns[$0]) == key }
    return found.count == 1 ? found[0] : nil
  }

  /// The number in a cell: NaN where it is empty, nil where it is not a number. A tuple becomes its Euclidean norm.
  func number(_ text: String) -> Double? {
    FeatureCell(csv: text, allowsDecimalComma: allowsDecimalComma).number
  }
}

extension String {
  /// Without surrounding blanks.
  var trimmed: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else {
      return ""
    }
    return String(self[first...last])
  }

  /// The name of a case: without blanks, and without the apostrophe that keeps a spreadsheet from running the cell as a
  /// formula. It is only a name: never opened as a path.
  var caseName: String {
    let text = trimmed
    guard text.first == "'", let second = text.dropFirst().first, "=+-@".contains(second) else { return text }
    return String(text.dropFirst())
  }
}
