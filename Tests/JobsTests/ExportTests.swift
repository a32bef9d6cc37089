import Errors
import Foundation
import Jobs
import Testing

@Suite struct ExportTests {
  @Test(arguments: [
    (CSV.Cell.text("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\""), (.text("+1"), "'+1"), (.text("-1"), "'-1"),
    (.text("@a"), "'@a"), (.text("\tx"), "'\tx"), (.text("\rx"), "\"'\rx\""), (.text("a,b"), "\"a,b\""),
    (.text("a\nb"), "\"a\nb\""), (.text("plain"), "plain"), (.text(""), ""), (.number(-0.5), "-0.5"),
    (.number(.nan), ""), (.integer(-3), "-3"), (.flag(true), "true"), (.empty, ""),
  ])
  func cellsAreSafeInASpreadsheet(cell: CSV.Cell, text: String) {
    #expect(CSV.line([cell]) == text + "\r\n")
  }

  @Test func theTableHasARowAJobAndAColumnAName() throws {
    let test = try TestStore()
    _ = try test.job("=cmd|' /C calc'!A0")
    let lines = JobTable.csv(try test.store.jobsWithResults()).split(separator: "\r\n")
    #expect(lines.count == 2)
    #expect(lines[0].split(separator: ",").count == JobTable.header.count)
    #expect(lines[1].split(separator: ",", omittingEmptySubsequences: false).count == JobTable.header.count)
    #expect(lines[1].contains(",'=cmd"))
  }

  @Test func textReportsShowNoControlCharacters() throws {
    let test = try TestStore()
    let job = try test.job("a\u{1B}[31mred\nline")
    let list = JobReport.list(try test.store.jobsWithResults())
    let show = JobReport.history(try test.store.history(of: job))
    #expect(!list.contains("\u{1B}") && !show.contains("\u{1B}"))
    #expect(list.split(separator: "\n").count == 2)
  }

  @Test func documentsAreJSON() throws {
    let test = try TestStore()
    let job = try test.job()
    let list = try JSONSerialization.jsonObject(with: Data(try JobDocument.list(try test.store.jobsWithResults()).utf8))
    #expect((list as? [[String: Any]])?.first?["job"] as? String == job.id.text)
    let full = try JSONSerialization.jsonObject(
      with: Data(try JobDocument.history(try test.store.history(of: job)).utf8))
    #expect(((full as? [String: Any])?["events"] as? [Any])?.count == 1)
  }

  @Test func requestsAreAnsweredOnce() throws {
    let state = FileManager.default.temporaryDirectory.appendingPathComponent("requests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: state + "/requests", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: state) }
    let folder = RequestFolder(state: state)
    let request = JobRequest(.cancel, job: .new(), actor: "someone")
    let name = try folder.post(request)
    try "nonsense".write(toFile: state + "/requests/x.request", atomically: true, encoding: .utf8)
    #expect(folder.pending().map(\.request) == [request])
    #expect(folder.takeAnswer(name) == nil)
    try folder.answer(name, JobAnswer(accepted: true, message: "done"))
    #expect(folder.pending().isEmpty)
    #expect(folder.takeAnswer(name)?.accepted == true)
    #expect(folder.takeAnswer(name) == nil)
    #expect(throws: StudyError.self) { try RequestFolder(state: state + "/none").post(request) }
  }
}
