internal import Errors
internal import FoundationEssentials

/// A list of feature names in a file.
package enum FeatureList {
  /// One name per line, `#` starts a comment; or a table with the columns `feature` and `stable`, of which the stable
  /// rows are used.
  ///
  /// - Throws: `E_NOT_FOUND`, `E_TRAIN_TABLE`.
  package static func names(in path: String) throws -> [String] {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw StudyError(.notFound, "the list of features cannot be read", file: path)
    }
    let bytes = Array(data)
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map { String($0).trimmed }
      .filter { !$0.isEmpty && !$0.hasPrefix("#") }
    let names: [String]
    if let header = lines.first, header.contains(where: { ",;\t".contains($0) }) {
      let table = try DelimitedTable(bytes: bytes, file: path)
      guard let name = table.index(of: "feature"), let stable = table.index(of: "stable") else {
        throw StudyError(
          .trainTable, "the list has columns, but not feature and stable", file: path,
          hint: "give one name per line, or the output of stability")
      }
      names = table.rows.filter { ["1", "true", "yes"].contains($0.cells[stable].trimmed.lowercased()) }
        .map { $0.cells[name].trimmed }
    } else {
      names = lines
    }
    guard !names.isEmpty, Set(names).count == names.count else {
      throw StudyError(
        .trainTable, names.isEmpty ? "the list names no feature" : "the list names a feature twice", file: path)
    }
    return names
  }
}
