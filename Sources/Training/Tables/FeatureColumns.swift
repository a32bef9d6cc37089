internal import Errors
internal import Model

/// Which columns of a table are features.
enum FeatureColumns {
  /// Columns that name a case, in the order in which they are searched.
  static let identities = CaseColumn.names

  /// Columns of this program's own tables, batch runs and job exports besides features.
  private static let others: Set<String> = Set(
    [
      "", "study", "series", "roi", "label", "job", "state", "admitted", profile, "Mask", "Label", "Reader",
      "radiomicsd_code", "radiomicsd_message", "group",
    ] + AcquisitionFacts.columnNames)

  /// SHA-256 of the profile with which a row was measured, where the table states it (`jobs export --features`).
  static let profile = FeatureRecord.profileColumn

  private static let classes: Set<Substring> = [
    "shape", "shape2D", "firstorder", "glcm", "glrlm", "glszm", "gldm", "ngtdm",
  ]

  /// Whether PyRadiomics has a feature with such a name: `wavelet-HHL_glcm_Contrast`.
  static func isFeature(_ name: String) -> Bool {
    let parts = name.split(separator: "_", omittingEmptySubsequences: false)
    return parts.count >= 3 && parts[0] != "diagnostics"
      && parts.dropFirst().dropLast().contains { classes.contains($0) }
  }

  /// The diagnostics of the resampled image and mask: numbers and tuples, part of the schema `jiao2024-975`.
  static func isUsableDiagnostic(_ name: String) -> Bool {
    name.hasPrefix("diagnostics_Image-interpolated_") || name.hasPrefix("diagnostics_Mask-interpolated_")
  }

  /// A feature: its name in PyRadiomics and the model, and the column that holds it.
  struct Choice: Sendable {
    let name: String
    let column: String
  }

  /// The features of a table, in its order, and notes for the user on the other columns.
  ///
  /// - Parameter schema: the names to use, in their order; nil uses those that PyRadiomics would have written
  ///   (features, and diagnostics of the resampled image) in any spelling, or, where there is none, every column that
  ///   does not name a case.
  /// - Throws: `trainTable` where a name of the schema is not in the table, two columns are one feature, there is no
  ///   feature, or a column would be taken for one that looks like a split, a date, a name or an outcome.
  static func choices(
    of table: DelimitedTable, schema: [String]?, identity: String
  ) throws -> (choices: [Choice], notes: [String]) {
    let choices = try schema.map { try choose($0, from: table) } ?? known(in: table)
    if !choices.isEmpty {
      var notes: [String] = []
      let spelt = choices.filter { $0.name != $0.column }
      if let first = spelt.first {
        notes.append(
          "\(spelt.count) column\(spelt.count == 1 ? " is" : "s are") spelt otherwise and taken for features: "
            + "\(first.column) for \(first.name)\(spelt.count > 1 ? ", …" : "")")
      }
      let used = Set(choices.map(\.column))
      let rest = table.columns.filter {
        !used.contains($0) && $0 != identity && !others.contains($0) && !$0.hasPrefix("diagnostics_")
          && !identities.contains($0) && !(schema != nil && FeatureName.exact($0) != nil)
      }
      if !rest.isEmpty {
        notes.append(
          "\(rest.count) column\(rest.count == 1 ? " is" : "s are") no feature and not used: "
            + rest.prefix(5).joined(separator: ", ") + (rest.count > 5 ? ", …" : ""))
      }
      return (choices, notes)
    }
    let names = table.columns.filter {
      $0 != identity && !others.contains($0) && !identities.contains($0) && !$0.hasPrefix("diagnostics_")
    }
    if let odd = names.first(where: { ColumnKind($0) != nil }), let kind = ColumnKind(odd) {
      throw StudyError(
        .trainTable,
        "the table has no column that PyRadiomics names, and \(odd) looks like \(kind.rawValue): it would be a feature",
        file: table.file, hint: "name the features in a file (--schema), or leave the column out of the table")
    }
    guard !names.isEmpty else {
      throw StudyError(
        .trainTable, "the table has no column that could be a feature", file: table.file,
        hint: "give features.csv as process or extract writes it, or PyRadiomics' batch table")
    }
    return (
      names.map { Choice(name: $0, column: $0) },
      ["no column is named as PyRadiomics names features; \(names.count) are taken as they are, \(names[0]) first"]
    )
  }

  private static func choose(_ schema: [String], from table: DelimitedTable) throws -> [Choice] {
    let present = Set(table.columns)
    let other = FeatureName.otherSpellings(of: schema, in: table.columns)
    let absent = schema.filter { !present.contains($0) && other[$0] == nil }
    guard let first = absent.first else { return schema.map { Choice(name: $0, column: other[$0] ?? $0) } }
    let near = FeatureName.nearest(to: first, in: table.columns)
    throw StudyError(
      .trainTable,
      "the table lacks the column \(first)" + (absent.count > 1 ? " and \(absent.count - 1) more of the schema" : ""),
      file: table.file,
      hint: (near.map { "did you mean \($0)? " } ?? "")
        + "extract with the profile that the schema belongs to, or give another --schema")
  }

  /// Features in any spelling, and usable diagnostics; empty where there is no feature.
  private static func known(in table: DelimitedTable) throws -> [Choice] {
    var seen: [String: String] = [:]
    var out: [Choice] = []
    var hasFeature = false
    for column in table.columns {
      guard let name = FeatureName.exact(column) ?? (isFeature(column) || isUsableDiagnostic(column) ? column : nil)
      else { continue }
      hasFeature = hasFeature || !name.hasPrefix("diagnostics_")
      if let twin = seen.updateValue(column, forKey: name) {
        throw StudyError(
          .trainTable, "the columns \(twin) and \(column) are one feature in two spellings", file: table.file,
          hint: "leave one of them out")
      }
      out.append(Choice(name: name, column: column))
    }
    return hasFeature ? out : []
  }
}
