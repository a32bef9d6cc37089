internal import Documents

/// `features.csv`: one row per case, `study,series,roi,label`, then one column per feature.
package struct FeatureTable: Sendable, Equatable {
  package struct Row: Sendable, Equatable {
    package var study: String
    /// SeriesInstanceUID, or the image file's name where there was no DICOM.
    package var series: String
    /// Name of the region of interest, empty where the mask has none.
    package var roi: String
    /// The mask's label.
    package var label: Int
    /// By the name of the feature. NaN and features that the row does not have are empty cells.
    package var values: [String: Double]

    /// - Parameter features: of several values with one name the last is used.
    package init(study: String, series: String, roi: String, label: Int, features: [(name: String, value: Double)]) {
      self.study = study
      self.series = series
      self.roi = roi
      self.label = label
      values = Dictionary(features) { _, last in last }
    }
  }

  /// Columns before the features.
  package static let identity = ["study", "series", "roi", "label"]

  /// Names of the features, in order.
  package let columns: [String]
  package private(set) var rows: [Row] = []

  package init(columns: [String]) { self.columns = columns }

  package mutating func append(_ row: Row) { rows.append(row) }

  /// UTF-8 bytes of the table: a header, lines that end in CR LF, numbers that read back bit for bit.
  package func csvBytes() -> [UInt8] {
    let features = columns.map { name in Column<Row>(name) { $0.values[name] } }
    let table = Table(
      [
        Column("study") { $0.study }, Column("series") { $0.series }, Column("roi") { $0.roi },
        Column("label") { $0.label },
      ] + features)
    return table.csvBytes(rows)
  }
}
