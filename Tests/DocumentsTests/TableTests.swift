import Documents
import Errors
import Testing

@Suite struct TableTests {
  private struct Case: Sendable {
    var name: String
    var score: Double?
    var count: Int
  }

  private let table = Table<Case>([
    Column("name") { $0.name }, Column("score") { $0.score }, Column("known") { $0.score != nil },
    Column("count") { $0.count },
  ])

  @Test("A cell is under the header that it was declared with")
  func cellsFollowTheirDeclaredHeaders() throws {
    let cases = [Case(name: "a", score: 0.25, count: 3), Case(name: "b", score: nil, count: -1)]
    let read = try CSVTable(bytes: table.csvBytes(cases))
    #expect(read.header == ["name", "score", "known", "count"])
    #expect(read.rows.map { $0["name"] } == ["a", "b"])
    #expect(read.rows.map { $0["score"] } == ["0.25", ""])
    #expect(read.rows.map { $0["known"] } == ["true", "false"])
    #expect(read.rows.map { $0["count"] } == ["3", "-1"])
    #expect(read.rows[0]["absent"] == nil)
  }

  @Test("A column name that occurs twice is numbered")
  func duplicateColumnNameIsNumbered() throws {
    let table = Table<Int>([
      Column("x") { $0 }, Column("x") { $0 + 1 }, Column("x.1") { $0 + 2 }, Column("x") { $0 + 3 },
    ])
    #expect(table.header == ["x", "x.2", "x.1", "x.3"])
    let row = try CSVTable(bytes: table.csvBytes([10])).rows[0]
    #expect(row["x"] == "10" && row["x.2"] == "11" && row["x.1"] == "12" && row["x.3"] == "13")
  }

  /// RFC 4180, no formula for a spreadsheet (CWE-1236), `inf` as pandas writes it.
  @Test(
    "Cells are safe in a spreadsheet",
    arguments: [
      (Cell.text("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\""), (.text("+1"), "'+1"), (.text("-1"), "'-1"),
      (.text("@a"), "'@a"), (.text("\tx"), "'\tx"), (.text("\rx"), "\"'\rx\""), (.text("a,b"), "\"a,b\""),
      (.text("a\nb"), "\"a\nb\""), (.text("plain"), "plain"), (.text(""), ""), (.text("\u{FF1D}x"), "'\u{FF1D}x"),
      (.number(-0.5), "-0.5"), (.number(.nan), ""), (.number(.infinity), "inf"), (.number(-.infinity), "-inf"),
      (.integer(-3), "-3"), (.flag(true), "true"), (.empty, ""),
    ])
  func cellsAreSafeInSpreadsheets(cell: Cell, text: String) {
    #expect(cell.csv == text)
    #expect(Table<Int>([Column("x") { _ in cell }]).csv([0]) == "x\r\n\(text)\r\n")
  }

  @Test(
    "A malformed table is refused",
    arguments: [
      ("", "is empty"), ("a,b,a\n1,2,3\n", "second column a (column 3)"), ("a,b\n1\n", "1 cells in line 2"),
      ("a\n\"x", "ends within the quoted cell"),
    ])
  func malformedTableIsRefused(text: String, why: String) {
    let error = #expect(throws: StudyError.self) { try CSVTable(bytes: Array(text.utf8)) }
    #expect(error?.code == .featureTable && error?.message.contains(why) == true)
  }
}
