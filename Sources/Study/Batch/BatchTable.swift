internal import Documents
public import Errors
internal import FoundationEssentials

extension ErrorCode {
  /// A table of cases cannot be used as it is.
  public static let batchTable = ErrorCode("E_BATCH_TABLE", .badInput)
}

/// The table of cases of a batch, as PyRadiomics' command line takes it: a CSV with columns `Image` and `Mask`, optionally
/// `Label`, and any others, which pass through to the output.
public struct BatchTable: Sendable {
  public struct Case: Sendable {
    /// As the table has them, one a column.
    public let cells: [String]
    /// Absolute, or relative to the working directory: the table's folder goes before what it names.
    public let image: String
    public let mask: String
    /// The text of its `Label` cell, nil where it is empty.
    public let label: String?
  }

  public let columns: [String]
  public let cases: [Case]
  /// The table's bytes, by which an interrupted batch is known again.
  let bytes: [UInt8]

  /// - Throws: `E_NOT_FOUND`, `E_BATCH_TABLE`, `E_FEATURE_TABLE` where it is not CSV.
  public init(contentsOf path: String) throws {
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
        label: labelColumn.map { cells[$0] }.flatMap { $0.isEmpty ? nil : $0 })
    }
  }
}
