internal import Errors

/// A table that was read: cells are accessed by the name of their column.
package struct CSVTable: Sendable, Equatable {
  package struct Row: Sendable, Equatable {
    /// Line in the file where the row starts, from 1.
    package let line: Int
    /// In the order of the header.
    package let cells: [String]
    fileprivate let places: [String: Int]

    /// The text under a header; nil where there is no such column.
    package subscript(name: String) -> String? { places[name].map { cells[$0] } }
  }

  package let header: [String]
  package let rows: [Row]

  /// - Parameter file: the name for messages.
  /// - Throws: `E_FEATURE_TABLE` where the text is malformed, a column is there twice, or a row has another number of
  ///   cells than the header.
  package init(bytes: [UInt8], file: String? = nil, separator: UInt8 = UInt8(ascii: ",")) throws {
    let parsed = try CSVParser.rows(bytes, file: file, separator: separator)
    guard let header = parsed.first?.cells else { throw Self.fault("is empty", file) }
    var places: [String: Int] = [:]
    for (index, name) in header.enumerated() where !name.isEmpty {
      guard places.updateValue(index, forKey: name) == nil else {
        throw Self.fault("has a second column \(name) (column \(index + 1))", file)
      }
    }
    self.header = header
    rows = try parsed.dropFirst().map { line, cells in
      guard cells.count == header.count else {
        throw Self.fault("has \(cells.count) cells in line \(line), but \(header.count) columns", file)
      }
      return Row(line: line, cells: cells, places: places)
    }
  }

  private static func fault(_ message: String, _ file: String?) -> StudyError {
    StudyError(
      .featureTable, "the table \(message)", file: file,
      hint: "give every row every column, and quote cells that hold a separator")
  }
}
