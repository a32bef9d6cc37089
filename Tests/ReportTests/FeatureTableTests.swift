import Documents
import Foundation
import Report
import Testing

struct FeatureTableTests {
  private func lines(_ table: FeatureTable) -> [String] {
    String(decoding: table.csvBytes(), as: UTF8.self).components(separatedBy: "\r\n")
  }

  @Test("The table has one row per case")
  func tableHasOneRowPerCase() {
    var table = FeatureTable(columns: ["a", "b", "c"])
    let features = [("c", 1e-7), ("a", -1.5), ("b", .nan)]
    table.append(.init(study: "P 1", series: "1.2.3", roi: "", label: 1, features: features))
    #expect(lines(table) == ["study,series,roi,label,a,b,c", "P 1,1.2.3,,1,-1.5,,1e-07", ""])
  }

  @Test("Infinity is written as in PyRadiomics")
  func infinityIsWrittenAsInPyRadiomics() throws {
    var table = FeatureTable(columns: ["a", "b"])
    table.append(.init(study: "s", series: "", roi: "", label: 1, features: [("a", .infinity), ("b", -.infinity)]))
    let row = try #require(CSVTable(bytes: table.csvBytes()).rows.first)
    #expect(row["a"] == "inf" && row["b"] == "-inf")
  }

  /// RFC 4180 quoting, and an apostrophe before what a spreadsheet would run (CWE-1236). Numbers are never touched.
  @Test(
    "Text cells are guarded against formulas",
    arguments: [
      ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("a\nb", "\"a\nb\""), ("=1+1", "'=1+1"), ("+1", "'+1"),
      ("-1", "'-1"), ("@x", "'@x"), ("\tx", "'\tx"), ("\rx", "\"'\rx\""), ("\u{FF1D}x", "'\u{FF1D}x"),
      ("=HYPERLINK(\"u\",1)", "\"'=HYPERLINK(\"\"u\"\",1)\""), ("a=1", "a=1"), ("", ""),
    ])
  func textCellsAreGuarded(text: String, cell: String) {
    var table = FeatureTable(columns: ["a"])
    table.append(.init(study: text, series: "s", roi: text, label: -2, features: [("a", -3)]))
    let expected = "study,series,roi,label,a\r\n\(cell),s,\(cell),-2,-3.0\r\n"
    #expect(String(decoding: table.csvBytes(), as: UTF8.self) == expected)
  }

  @Test("Numbers are read back bit for bit")
  func numbersRoundTripBitForBit() {
    let values: [Double] = (0..<500).map { index in
      let magnitude: Double = pow(10, Double(index % 40 - 20))
      return Double(index) * 0.1 / 3 * magnitude
    }
    var table = FeatureTable(columns: values.indices.map { "f\($0)" })
    let features = values.enumerated().map { ("f\($0)", $1) }
    table.append(.init(study: "s", series: "s", roi: "r", label: 1, features: features))
    let cells = lines(table)[1].split(separator: ",").dropFirst(4)
    #expect(cells.map { Double($0)! } == values)
  }
}
