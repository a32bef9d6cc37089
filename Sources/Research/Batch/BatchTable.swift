internal import Documents
package import Errors
internal import FoundationEssentials

extension ErrorCode {
  /// A table of cases cannot be used.
  package static let batchTable = ErrorCode("E_BATCH_TABLE", .badInput)
}

/// The table of cases of a batch, in the format of PyRadiomics' command line: a CSV with columns `Image` and `Mask`,
/// optionally `Label` and `Label_channel`, and any others, which pass through to the output.
package struct BatchTable: Sendable {
  package struct Case: Sendable {
    /// As in the table, one per column.
    package let cells: [String]
    /// Absolute, or relative to the working directory: the table's folder is prefixed to relative paths.
    package let image: String
    package let mask: String
    /// The text of its `Label` cell, nil where it is empty.
    package let label: String?
    /// The text of its `Label_channel` cell, nil where it is empty.
    package let labelChannel: String?

    /// The label as a number: spreadsheets write whole numbers as 1.0 as well.
    ///
    /// - Throws: `E_BATCH_TABLE`.
    package func labelNumber() throws -> Int? { try label.map { try Self.whole($0, "Label", from: 1) } }

    /// The mask's channel, from 0.
    ///
    /// - Throws: `E_BATCH_TABLE`.
    package func channelNumber() throws -> Int? {
      try labelChannel.map { try Self.whole($0, "Label_channel", from: 0) }
    }

    private static func whole(_ text: String, _ column: String, from least: Int) throws -> Int {
      guard let number = Double(text.filter { $0 != " " }), let whole = Int(exactly: number) else {
        throw StudyError(
          .batchTable, "the cell '\(text.prefix(60))' of the column \(column) is not a whole number",
          hint: "correct the column \(column)")
      }
      guard whole >= least else {
        throw StudyError(
          .batchTable, "\(column) is \(whole), and begins at \(least)", hint: "correct the column \(column)")
      }
      return whole
    }
  }

  package private(set) var columns: [String]
  package let cases: [Case]
  /// The table's bytes, which identify an interrupted batch.
  let bytes: [UInt8]

  /// - Throws: `E_NOT_FOUND`, `E_BATCH_TABLE`, `E_FEATURE_TABLE` where it is not CSV.
  package init(contentsOf path: String) throws {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw StudyError(.notFound, "the table of cases cannot be read", file: path)
    }
    bytes = Array(data)
    let rows = try CSVParser.rows(TableText(bytes, file: path).bytes, file: path)
    let hint = "give a CSV file with a header that has the columns Image and Mask"
    guard let header = rows.first?.cells, let imageColumn = header.firstIndex(of: "Image"),
      let maskColumn = header.firstIndex(of: "Mask")
    else {
      throw StudyError(.batchTable, "the table has no columns 'Image' and 'Mask'", file: path, hint: hint)
    }
    guard Set(header).count == header.count else {
      throw StudyError(.batchTable, "the table has two columns of one name", file: path, hint: hint)
    }
    let labelColumn = header.firstIndex(of: "Label")
    let channelColumn = header.firstIndex(of: "Label_channel")
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    func located(_ name: String) -> String {
      name.hasPrefix("/") || !path.contains("/") ? name : folder + "/" + name
    }
    columns = header
    cases = try rows.dropFirst().map { line, cells in
      guard cells.count == header.count else {
        throw StudyError(
          .batchTable, "line \(line) has \(cells.count) cells, the header \(header.count)", file: path, hint: hint)
      }
      return Case(
        cells: cells, image: located(cells[imageColumn]), mask: located(cells[maskColumn]),
        label: labelColumn.map { cells[$0] }.flatMap { $0.isEmpty ? nil : $0 },
        labelChannel: channelColumn.map { cells[$0] }.flatMap { $0.isEmpty ? nil : $0 })
    }
  }

  /// Columns that pass through although their names are similar to those of effective columns.
  var notes: [String] {
    columns.filter(Self.isNearly).map {
      "the table's column \($0) passes through: the columns that act are Image, Mask, Label and Label_channel, written so"
    }
  }

  /// `label`, `Label channel`: another spelling of an effective column.
  private static func isNearly(_ column: String) -> Bool {
    let acting = ["Image", "Mask", "Label", "Label_channel"]
    guard !acting.contains(column) else { return false }
    let plain = column.lowercased().filter { $0.isLetter }
    return acting.contains { $0.lowercased().filter { $0.isLetter } == plain }
  }

  /// The table for an output with other columns: a column named like one of those, or possibly like a feature,
  /// is renamed.
  ///
  /// - Returns: the table, and a sentence for each column that was renamed.
  func renamed(beside others: [String]) -> (table: BatchTable, notes: [String]) {
    let taken = Set(others)
    var table = self
    var notes: [String] = []
    for (index, name) in columns.enumerated() where taken.contains(name) || Self.isFeature(name) {
      var other = "case_" + name
      while taken.contains(other) || table.columns.contains(other) { other = "case_" + other }
      table.columns[index] = other
      notes.append(
        "the table's column \(name) is written as \(other): the output has, or may have, a column of that name")
    }
    return (table, notes)
  }

  private static let classes: Set<Substring> = [
    "firstorder", "shape", "shape2D", "glcm", "glrlm", "glszm", "gldm", "ngtdm",
  ]

  /// `original_glcm_Contrast`, `diagnostics_…`.
  private static func isFeature(_ name: String) -> Bool {
    let parts = name.split(separator: "_")
    return parts.count >= 3 && classes.contains(parts[1]) || name.hasPrefix("diagnostics_")
      || name.hasPrefix("radiomicsd_")
  }
}
