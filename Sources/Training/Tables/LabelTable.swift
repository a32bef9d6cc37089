internal import Errors

/// The true classes of some cases, with their other known facts.
struct LabelTable: Sendable {
  struct Case: Sendable {
    /// nil where the cell is empty.
    var label: Bool?
    var group: String?
    var line: Int
    /// Cells of the clinical columns.
    var clinical: [String]
  }

  var cases: [String: Case]
  /// Notes for the user on how the table was read.
  let notes: [String]
  let clinicalNames: [String]
  let hasGroups: Bool
  private let table: DelimitedTable

  /// Columns that hold the label, in the order in which they are searched.
  private static let labelColumns = ["label", "Label", "class", "Class", "outcome", "ihc", "IHC", "HER2", "her2"]
  private static let groupColumns = ["group", "Group", "patient", "Patient", "PatientID", "patient_id"]

  init(
    contentsOf path: String, identity: String? = nil, label: String? = nil, group: String? = nil,
    positive: String? = nil
  ) throws {
    try self.init(
      DelimitedTable(contentsOf: path), identity: identity, label: label, group: group, positive: positive)
  }

  /// - Throws: `trainTable` naming row and column.
  init(_ table: DelimitedTable, identity: String?, label: String?, group: String?, positive: String? = nil) throws {
    self.table = table
    let identity = try FeatureTables.identity(
      of: table, wanted: table.index(like: identity ?? "").map { table.columns[$0] })
    let label = try Self.column(table, label, Self.labelColumns, "holds the label", option: "--label-column")
    let group: Int? =
      if let group {
        try Self.column(table, group, [], "names the patient", option: "--group-column")
      } else {
        Self.groupColumns.lazy.compactMap { table.index(of: $0) }.first { $0 != identity && $0 != label }
      }
    let clinical = table.columns.indices.filter {
      $0 != identity && $0 != label && $0 != group && !table.columns[$0].isEmpty
        && !Self.labelColumns.contains(table.columns[$0])
    }
    let splits = clinical.map { table.columns[$0] }.filter { ColumnKind($0) == .split }
    notes =
      table.notes
      + (splits.isEmpty
        ? []
        : [
          "\(splits.joined(separator: ", ")) in the table of labels looks like a split of the cases: it is not used as one"
        ])
    let values = table.rows.map { $0.cells[label].trimmed }
    let scale = try LabelScale(column: table.columns[label], values: values, positive: positive, file: table.file)
    var cases: [String: Case] = [:]
    for row in table.rows {
      let id = row.cells[identity].caseName
      guard !id.isEmpty else {
        throw StudyError(
          .trainTable, "line \(row.line), column \(table.columns[identity]): the case has no name", file: table.file)
      }
      if let other = cases[id] {
        throw StudyError(
          .trainTable, "line \(row.line) repeats case \(id), which line \(other.line) has", file: table.file,
          hint: "keep one row per case; several cases of one patient share a group column")
      }
      let text = row.cells[label].trimmed
      let value = scale.value(text)
      guard text.isEmpty || value != nil else {
        throw StudyError(
          .trainTable,
          "line \(row.line) (case \(id)), column \(table.columns[label]): \"\(text.prefix(40))\" is not a label",
          file: table.file, hint: scale.hint)
      }
      let patient = group.map { row.cells[$0].caseName }.flatMap { $0.isEmpty ? nil : $0 }
      cases[id] = Case(label: value, group: patient, line: row.line, clinical: clinical.map { row.cells[$0].trimmed })
    }
    self.cases = cases
    clinicalNames = clinical.map { table.columns[$0] }
    hasGroups = group != nil
  }

  /// The clinical columns of some cases, in their order: numbers where every non-empty cell is one.
  func clinical(_ ids: [String]) -> [ClinicalColumn] {
    clinicalNames.indices.map { index in
      ClinicalColumn(
        name: clinicalNames[index], texts: ids.map { cases[$0]?.clinical[index] ?? "" }, number: table.number)
    }
  }

  private static func column(
    _ table: DelimitedTable, _ wanted: String?, _ usual: [String], _ role: String, option: String
  ) throws -> Int {
    let names = wanted.map { [$0] } ?? usual
    guard
      let index = names.lazy.compactMap({ table.index(of: $0) }).first
        ?? names.lazy.compactMap({ table.index(like: $0) }).first
    else {
      throw StudyError(
        .trainTable, "the table has no column \(wanted ?? "that \(role)")", file: table.file,
        hint: "call it \(usual.first ?? "as you say"), or name it with \(option)")
    }
    return index
  }
}

/// How the cells of a label column are read: a class, or an immunohistochemistry score of which 2+ and 3+ are positive.
private struct LabelScale {
  let isScore: Bool
  /// The value that the user declared positive; every other value of the column is negative.
  let positive: String?

  init(column: String, values: [String], positive: String?, file: String) throws {
    self.positive = positive
    if let positive {
      let distinct = Set(values).subtracting([""])
      guard distinct.count == 2, distinct.contains(positive) else {
        let shown = distinct.sorted().prefix(5).joined(separator: ", ")
        throw StudyError(
          .trainTable,
          "the column \(column) has \(distinct.count) values (\(shown)): \(positive) and one other are needed",
          file: file, hint: "write the value as it stands in the table, of two: --positive")
      }
    }
    isScore = column.lowercased().contains("ihc") || values.contains { $0.hasSuffix("+") }
  }

  var hint: String {
    positive != nil
      ? "the column has two values"
      : isScore
        ? "write 0, 1+, 2+ or 3+ (2+ and 3+ are positive)"
        : "write 0 or 1, negative or positive, or IHC scores 0, 1+, 2+, 3+; or say which of two values is positive: "
          + "--positive VALUE"
  }

  func value(_ text: String) -> Bool? {
    if let positive { return text.isEmpty ? nil : text == positive }
    switch text.lowercased() {
    case "negative", "neg", "false", "no", "-": return false
    case "positive", "pos", "true", "yes", "+": return true
    case "0", "0.0": return false
    case "1", "1.0": return !isScore
    case "1+" where isScore: return false
    case "2+", "3+", "2", "3": return isScore ? true : nil
    default: return nil
    }
  }
}
