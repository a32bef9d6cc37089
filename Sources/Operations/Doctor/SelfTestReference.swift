internal import Documents
internal import Errors

/// What `SelfTest` must come to: PyRadiomics 3.0.1 (the same numbers as 3.1.0) with `etc/profiles/jiao2024.yaml` on the
/// NIfTI pair that `radiomicsd process` writes for `radiomicsd phantom --seed 1 --matrix 64 --slices 12`. The numbers
/// are in `selftest.csv`.
package enum SelfTestReference {
  static let tolerance = 1e-9

  /// - Throws: `E_FEATURE_TABLE` where the table in the program is malformed.
  package static func features() throws -> [(name: String, value: Double)] {
    try CSVTable(bytes: PackageResources.selftest_csv, file: "selftest.csv").rows.map { row in
      guard let name = row["feature"], let value = row["value"].flatMap({ Double($0) }), value.isFinite else {
        throw StudyError(.featureTable, "line \(row.line) has no feature and number", file: "selftest.csv")
      }
      return (name, value)
    }
  }
}
