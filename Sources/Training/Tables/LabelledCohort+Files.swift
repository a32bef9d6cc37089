internal import Errors

extension LabelledCohort {
  /// The files of a cohort.
  package struct Source: Sendable {
    /// Tables of features: `features.csv`, `extract --batch`, or PyRadiomics' batch output.
    package var features: [String]
    /// The table of labels.
    package var labels: String
    /// Names of the features to use, in their order; nil: see `docs/training.md`.
    package var schema: [String]?
    /// The features to keep; nil keeps all.
    package var kept: Set<String>?
    package var idColumn: String?
    package var labelColumn: String?
    package var groupColumn: String?
    /// SHA-256 of the required profile of the features, where a table states its profile.
    package var profile: String?
    /// The value of the label column that is the positive class, of two; nil: see `docs/training.md`.
    package var positive: String?
    /// Joins cases whose names differ only by leading zeros, a final `.0`, blanks or case.
    package var matchesNames = false
    /// Continues where more than a tenth of the cases is in only one of the tables.
    package var allowsUnmatched = false
    /// Leaves missing values as NaN instead of refusing them.
    package var allowsMissing = false

    package init(features: [String], labels: String) {
      self.features = features
      self.labels = labels
    }
  }

  /// Joins the tables by the name of the case. Cases that are missing in one of them are left out and counted.
  ///
  /// - Returns: the cohort, and notes for the user.
  /// - Throws: `E_TRAIN_TABLE` and `E_TRAIN_MISSING` naming row and column, `E_TRAIN_CLASSES` where fewer than two cases
  ///   or one class are left, `E_TRAIN_UNMATCHED` where the tables name their
  ///   cases differently, `E_NOT_FOUND`, `E_FEATURE_TABLE`.
  package static func read(_ source: Source) throws -> (cohort: LabelledCohort, notes: [String]) {
    let table = try FeatureTables(
      contentsOf: source.features, schema: source.schema, identity: source.idColumn, profile: source.profile)
    var labels = try LabelTable(
      contentsOf: source.labels, identity: source.idColumn, label: source.labelColumn, group: source.groupColumn,
      positive: source.positive)
    if !source.allowsMissing { try table.requireComplete() }
    try table.requireDistinct()
    let remarks = try match(table, &labels, source)
    let (cohort, notes) = try join(table, labels, kept: source.kept, file: source.labels)
    return (cohort, table.notes + labels.notes + remarks + notes)
  }

  /// Renames the labels' cases to the features' names where the user requests it, and refuses tables with few common
  /// cases.
  private static func match(_ table: FeatureTables, _ labels: inout LabelTable, _ source: Source) throws -> [String] {
    let measured = Set(table.cases.map(\.id)).union(table.failedNames)
    func only() -> (labels: [String], features: [String]) {
      (
        labels.cases.keys.filter { !measured.contains($0) }.sorted(),
        measured.filter { labels.cases[$0] == nil }.sorted()
      )
    }
    var (strangers, unlabelled) = only()
    if let rounded = (strangers + unlabelled).first(where: CaseNames.isRounded) {
      throw StudyError(
        .trainUnmatched, "the case \(rounded) is a number that a spreadsheet has rounded", file: source.labels,
        hint: "export the table again with the column of names as text")
    }
    var notes: [String] = []
    let pairs = CaseNames.pairs(strangers, in: unlabelled)
    if let example = pairs.min(by: { $0.key < $1.key }) {
      let like = "\(example.key) in the table of labels and \(example.value) in the table of features"
      guard source.matchesNames else {
        throw StudyError(
          .trainUnmatched,
          "\(pairs.count) case\(pairs.count == 1 ? " has" : "s have") other names in the two tables, as \(like)",
          file: source.labels,
          hint:
            "if these are the same cases (lost zeros, a final .0, blanks, capitals), say --match-names; else correct them"
        )
      }
      for (own, other) in pairs { labels.cases[other] = labels.cases.removeValue(forKey: own) }
      notes.append("\(pairs.count) cases are joined although their names differ, as \(like)")
      (strangers, unlabelled) = only()
    }
    let all = labels.cases.count + unlabelled.count
    let unmatched = strangers.count + unlabelled.count
    // Without any case in common the message of the join is more helpful.
    guard !source.allowsUnmatched, unmatched * 10 > all, unmatched < all else { return notes }
    func list(_ names: [String], _ where: String) -> String? {
      names.isEmpty
        ? nil
        : "\(names.count) only in the table of \(`where`) (\(names.prefix(5).joined(separator: ", "))\(names.count > 5 ? ", …" : ""))"
    }
    throw StudyError(
      .trainUnmatched,
      "\(unmatched) of \(all) cases stand in one table only: "
        + [list(strangers, "labels"), list(unlabelled, "features")].compactMap { $0 }.joined(separator: "; "),
      file: source.labels,
      hint: "check that both tables call a case by the same name; to go on without these cases, say --allow-unmatched")
  }

  private static func join(
    _ table: FeatureTables, _ labels: LabelTable, kept: Set<String>?, file: String
  ) throws -> (cohort: LabelledCohort, notes: [String]) {
    var notes: [String] = []
    var exclusions: [Exclusion] = []
    func exclude(_ names: [String], _ reason: String) {
      guard !names.isEmpty else { return }
      exclusions.append(Exclusion(reason: reason, count: names.count))
      let shown = names.sorted().prefix(5).joined(separator: ", ")
      notes.append("\(names.count) left out, \(reason): \(shown)\(names.count > 5 ? ", …" : "")")
    }
    if table.failed > 0 {
      exclusions.append(Exclusion(reason: "extraction failed", count: table.failed))
      notes.append("\(table.failed) left out, extraction failed")
    }
    let present = Set(table.cases.map(\.id))
    exclude(
      labels.cases.keys.filter { !present.contains($0) && !table.failedNames.contains($0) }, "no features")
    exclude(table.cases.map(\.id).filter { labels.cases[$0] == nil }, "not in the table of labels")
    exclude(table.cases.map(\.id).filter { labels.cases[$0].map { $0.label == nil } ?? false }, "label is empty")

    let used = table.cases.filter { labels.cases[$0.id]?.label != nil }.sorted { $0.id < $1.id }
    let truth = used.map { labels.cases[$0.id]!.label! }
    let positive = truth.count { $0 }
    guard used.count >= 2, positive > 0, positive < used.count else {
      throw StudyError(
        .trainClasses,
        used.isEmpty
          ? "no case has both features and a label"
          : "\(used.count) case\(used.count == 1 ? "" : "s") with features and label, \(positive) positive: a model needs"
            + " both classes", file: file, hint: "check that both tables call a case by the same name")
    }

    var matrix = FeatureMatrix(names: table.names, rowCount: used.count, values: used.flatMap(\.values))
    if let kept { matrix = try matrix.keeping(kept) }
    let constant = matrix.names.indices.filter { column in
      let first = matrix[0, column]
      return (1..<matrix.rowCount).allSatisfy { matrix[$0, column] == first }
    }
    if !constant.isEmpty {
      notes.append(
        "\(constant.count) of \(matrix.columnCount) features have one value in all cases and tell nothing, "
          + "\(matrix.names[constant[0]]) first")
    }
    let groups = used.map { labels.cases[$0.id]!.group ?? $0.id }
    let ids = used.map(\.id)
    let clinical = labels.clinical(ids)
    // The scan in the table of labels overrides that in the table of features.
    let acquisition = table.acquisition(ids).filter { column in !clinical.contains { $0.name == column.name } }
    return (
      LabelledCohort(
        ids: ids, groups: groups, labels: truth, features: matrix, clinical: clinical + acquisition,
        exclusions: exclusions), notes
    )
  }
}

extension FeatureMatrix {
  /// The columns in a list, in the matrix's own order.
  func keeping(_ list: Set<String>) throws -> FeatureMatrix {
    let unknown = list.subtracting(names).sorted()
    guard unknown.isEmpty else {
      throw StudyError(
        .trainTable, "the list of features to keep names \(unknown[0]), which the tables do not have",
        hint: "make the list from features of the same profile")
    }
    return columns(names.indices.filter { list.contains(names[$0]) })
  }
}
