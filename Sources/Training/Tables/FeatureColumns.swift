internal import Errors
internal import Model

/// Which columns of a table are features.
enum FeatureColumns {
  /// Columns that name a case, in the order in which they are looked for.
  static let identities = [
    "study", "Study", "case", "Case", "id", "ID", "patient", "Patient", "PatientID", "patient_id", "Image",
  ]

  /// Columns that our own tables, batch runs and job exports have beside features.
  private static let others: Set<String> = Set(
    [
      "", "study", "series", "roi", "label", "job", "state", "admitted", profile, "Mask", "Label", "Reader",
      "radiomicsd_code", "radiomicsd_message", "group",
    ] + AcquisitionFacts.columnNames)

  /// SHA-256 of the profile that a row was measured with, where the table says it (`jobs export --features`).
  static let profile = "profile_sha256"

  private static let classes: Set<Substring> = [
    "shape", "shape2D", "firstorder", "glcm", "glrlm", "glszm", "gldm", "ngtdm",
  ]

  /// Whether PyRadiomics gives a feature such a name: `wavelet-HHL_glcm_Contrast`.
  static func isFeature(_ name: String) -> Bool {
    let parts = name.split(separator: "_", omittingEmptySubsequences: false)
    return parts.count >= 3 && parts[0] != "diagnostics"
      && parts.dropFirst().dropLast().contains { classes.contains($0) }
  }

  /// The diagnostics of the resampled image and mask: numbers and tuples, part of the schema `jiao2024-975`.
  static func isUsableDiagnostic(_ name: String) -> Bool {
    name.hasPrefix("diagnostics_Image-interpolated_") || name.hasPrefix("diagnostics_Mask-interpolated_")
  }

  /// Names of the features of a table, in its order.
  ///
  /// - Parameter schema: the names to take, in their order; nil takes those that PyRadiomics would have written (features,
  ///   and diagnostics of the resampled image), or, where there is none, every column that does not name a case.
  /// - Throws: `trainTable` where a name of the schema is not in the table, or there is no feature.
  static func names(of table: DelimitedTable, schema: [String]?, identity: String) throws -> [String] {
    if let schema {
      let present = Set(table.columns)
      let absent = schema.filter { !present.contains($0) }
      guard let first = absent.first else { return schema }
      throw StudyError(
        .trainTable,
        "the table lacks the column \(first)" + (absent.count > 1 ? " and \(absent.count - 1) more of the schema" : ""),
        file: table.file, hint: "extract with the profile that the schema belongs to, or give another --schema")
    }
    let known = table.columns.filter { isFeature($0) || isUsableDiagnostic($0) }
    let names =
      known.contains(where: isFeature)
      ? known
      : table.columns.filter {
        $0 != identity && !others.contains($0) && !identities.contains($0) && !$0.hasPrefix("diagnostics_")
      }
    guard !names.isEmpty else {
      throw StudyError(
        .trainTable, "the table has no column that could be a feature", file: table.file,
        hint: "give features.csv as process or extract writes it, or PyRadiomics' batch table")
    }
    return names
  }
}
