internal import Errors
internal import Model

/// The features of some cases, from one table or several.
struct FeatureTables: Sendable {
  struct Case: Sendable {
    var id: String
    /// In the order of `names`; NaN where a cell is empty.
    var values: [Double]
    /// How the case was scanned: texts by `AcquisitionFacts.Column`, where the table has such columns.
    var acquisition: [String: String] = [:]
    var file: String
    var line: Int
  }

  let names: [String]
  let cases: [Case]
  /// Cases that the table itself marks as not extracted.
  let failed: Int
  /// Their names, where they have any.
  let failedNames: Set<String>
  /// Notes for the user on how the tables were read.
  let notes: [String]
  /// Acquisition columns of the table, in their order.
  let acquisitionNames: [String]
  private let numberReader: @Sendable (String) -> Double?

  /// - Parameters:
  ///   - paths: tables of the same columns.
  ///   - identity: the column that names a case; nil searches for the usual ones.
  ///   - profile: SHA-256 of the required profile of the features, where a table states it.
  /// - Throws: `trainTable` naming row and column.
  init(contentsOf paths: [String], schema: [String]?, identity: String?, profile: String? = nil) throws {
    try self.init(
      paths.map { try DelimitedTable(contentsOf: $0) }, schema: schema, identity: identity, profile: profile)
  }

  init(_ tables: [DelimitedTable], schema: [String]?, identity: String?, profile: String? = nil) throws {
    var names: [String]?
    var cases: [Case] = []
    var places: [String: (file: String, line: Int)] = [:]
    var failed = 0
    var failedNames: Set<String> = []
    var notes: [String] = []
    var acquisitionNames: [String] = []
    for table in tables {
      let identity = try Self.identity(of: table, wanted: identity)
      let (choices, remarks) = try FeatureColumns.choices(
        of: table, schema: names ?? schema, identity: table.columns[identity])
      for note in table.notes + remarks where !notes.contains(note) { notes.append(note) }
      let found = choices.map(\.name)
      names = found
      let columns = choices.map { table.index(of: $0.column)! }
      let outcome = table.index(of: "radiomicsd_code")
      let measured = profile == nil ? nil : table.index(of: FeatureColumns.profile)
      let scan = AcquisitionFacts.columnNames.filter { !found.contains($0) && table.index(of: $0) != nil }
      acquisitionNames += scan.filter { !acquisitionNames.contains($0) }
      for row in table.rows {
        if let outcome, !row.cells[outcome].trimmed.isEmpty {
          failed += 1
          failedNames.insert(row.cells[identity].caseName)
          continue
        }
        let id = row.cells[identity].caseName
        guard !id.isEmpty else {
          throw StudyError(
            .trainTable, "line \(row.line), column \(table.columns[identity]): the case has no name", file: table.file)
        }
        if let other = places[id] {
          throw StudyError(
            .trainTable, "line \(row.line) repeats case \(id), which line \(other.line) of \(other.file) has",
            file: table.file, hint: "keep one row per case")
        }
        places[id] = (table.file, row.line)
        if let measured { try Self.requireProfile(profile ?? "", row, measured, table) }
        let values = try zip(columns, found).map { try Self.value(row, $0, $1, table) }
        let facts = scan.map { ($0, row.cells[table.index(of: $0)!].caseName) }
        cases.append(
          Case(
            id: id, values: values, acquisition: Dictionary(uniqueKeysWithValues: facts), file: table.file,
            line: row.line))
      }
    }
    self.names = names ?? []
    self.cases = cases
    self.failed = failed
    self.failedNames = failedNames.subtracting(cases.map(\.id))
    self.notes = notes
    self.acquisitionNames = acquisitionNames
    let decimals = tables.first
    numberReader = { decimals?.number($0) }
  }

  /// The acquisition columns for some cases, in their order.
  func acquisition(_ ids: [String]) -> [ClinicalColumn] {
    let places = Dictionary(uniqueKeysWithValues: cases.indices.map { (cases[$0].id, $0) })
    return acquisitionNames.map { name in
      let texts = ids.map { id in places[id].flatMap { cases[$0].acquisition[name] } ?? "" }
      return ClinicalColumn(name: name, texts: texts, number: numberReader)
    }
  }

  private static func requireProfile(
    _ profile: String, _ row: DelimitedTable.Row, _ column: Int, _ table: DelimitedTable
  ) throws {
    try FeatureRecord.requireProfile(
      profile, found: row.cells[column].trimmed, place: "line \(row.line)", code: .trainTable, file: table.file,
      hint: "name the profile of the table with --profile, or export the features of the model's")
  }

  /// Refuses two cases with the same features: the same patient under two names.
  func requireDistinct() throws {
    var seen: [[UInt64]: Case] = [:]
    for item in cases {
      let key = item.values.map(\.bitPattern)
      if let twin = seen[key] {
        throw StudyError(
          .trainTable,
          "cases \(twin.id) (line \(twin.line)) and \(item.id) (line \(item.line)) have the same number in every feature",
          file: item.file, hint: "one of them is a copy: leave it out, or a model is tested on what it was trained on")
      }
      seen[key] = item
    }
  }

  /// Refuses missing values.
  func requireComplete() throws {
    for item in cases {
      guard let bad = item.values.firstIndex(where: { $0.isNaN }) else { continue }
      throw StudyError(
        .trainMissing, "line \(item.line) (case \(item.id)), column \(names[bad]) is missing", file: item.file,
        hint: "complete the table, leave the case or the feature out, or set impute in train.yaml")
    }
  }

  private static func value(
    _ row: DelimitedTable.Row, _ column: Int, _ name: String, _ table: DelimitedTable
  ) throws -> Double {
    let text = row.cells[column]
    guard let number = table.number(text), !number.isInfinite else {
      throw StudyError(
        .trainTable, "line \(row.line), column \(name): \"\(text.prefix(40))\" is not a finite number",
        file: table.file,
        hint: text.contains(",")
          ? "write numbers with a decimal point, or separate the columns by semicolons"
          : "write numbers with a decimal point; leave a missing value empty")
    }
    return number
  }

  static func identity(of table: DelimitedTable, wanted: String?) throws -> Int {
    if let wanted {
      guard let index = table.index(like: wanted) else {
        throw StudyError(
          .trainTable, "the table has no column \(wanted)", file: table.file, hint: "see --id-column")
      }
      return index
    }
    guard let index = CaseColumn.index(in: table.columns) else {
      throw StudyError(
        .trainTable, "the table has no column that names its cases", file: table.file,
        hint: "call it study, or name it with --id-column")
    }
    return index
  }
}
