/// One line of a CSV table (RFC 4180), ended by CR LF.
public enum CSVLine {
  /// - Parameters:
  ///   - cells: texts, quoted where they must be and made harmless for spreadsheets.
  ///   - numbers: after the texts, in the shortest form that reads back as the same double; NaN is an empty cell.
  ///   - last: texts after the numbers.
  public static func text(_ cells: [String], numbers: [Double] = [], last: [String] = []) -> String {
    (cells.map(\.csvCell) + numbers.map(\.csvCell) + last.map(\.csvCell)).joined(separator: ",") + "\r\n"
  }
}
