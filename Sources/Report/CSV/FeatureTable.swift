/// `features.csv`: one row a case, `study,series,roi,label`, then one column a feature.
public struct FeatureTable: Sendable, Equatable {
  public struct Row: Sendable, Equatable {
    public var study: String
    /// SeriesInstanceUID, or the image file's name where there was no DICOM.
    public var series: String
    /// Name of the region of interest, empty where the mask has none.
    public var roi: String
    /// The mask's label.
    public var label: Int
    /// One number a column; NaN is written as an empty cell.
    public var values: [Double]

    public init(study: String, series: String, roi: String, label: Int, values: [Double]) {
      self.study = study
      self.series = series
      self.roi = roi
      self.label = label
      self.values = values
    }
  }

  /// Names of the features, in order.
  public let columns: [String]
  public private(set) var rows: [Row] = []

  public init(columns: [String]) { self.columns = columns }

  /// - Precondition: one value a column.
  public mutating func append(_ row: Row) {
    precondition(row.values.count == columns.count, "a row has one value a column")
    rows.append(row)
  }

  /// UTF-8 bytes of the table: a header, lines that end in CR LF, numbers that read back bit for bit.
  public func csvBytes() -> [UInt8] {
    var text = (["study", "series", "roi", "label"] + columns.map(\.csvCell)).joined(separator: ",") + "\r\n"
    for row in rows {
      let identity = [row.study.csvCell, row.series.csvCell, row.roi.csvCell, row.label.description]
      text += (identity + row.values.map(\.csvCell)).joined(separator: ",") + "\r\n"
    }
    return Array(text.utf8)
  }
}
