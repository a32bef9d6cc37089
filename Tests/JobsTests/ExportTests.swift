import Documents
import Errors
import Foundation
import Jobs
import Testing

@Suite struct ExportTests {
  @Test("The table has one row per job and one column per name")
  func exportHasOneRowPerJob() throws {
    let test = try TestStore()
    _ = try test.job("=cmd|' /C calc'!A0")
    let table = try CSVTable(bytes: Array(JobTable.csv(try test.store.jobsWithResults()).utf8))
    #expect(table.header == JobTable.header && table.rows.count == 1)
    #expect(table.rows[0]["study"] == "'=cmd|' /C calc'!A0")
  }

  @Test("Each column holds the value of its name")
  func columnsMatchTheirNames() throws {
    let test = try TestStore()
    var job = try test.job("a study")
    job.started = Timestamp(milliseconds: 1_700_000_000_000)
    (job.attempt, job.inputDigest, job.inputFiles, job.inputBytes) = (2, "in", 31, 4096)
    (job.publishedAs, job.error) = ("a study-2", JobError(code: "E_X", message: "why"))
    var result = ResultRecord(manifestSHA256: "manifest")
    (result.probability, result.positive, result.threshold) = (0.25, false, 0.5)
    (result.modelName, result.modelVersion, result.modelSHA256) = ("model", "1.2.3", "bundle")
    (result.demonstration, result.profileName, result.featureCount) = (true, "jiao2024", 975)
    result.featuresSHA256 = "features"
    result.warnings = ["OOD_FEATURES: far"]
    result.facts = ["withheld": "far away"]
    let table = try CSVTable(bytes: Array(JobTable.csv([(job, result)]).utf8))
    let expected = [
      "job": job.id.text, "study": "a study", "state": job.state.rawValue, "created": job.created.description,
      "started": "2023-11-14T22:13:20.000Z", "finished": "", "attempts": "2",
      "probability": "0.25", "positive": "false", "threshold": "0.5", "outside_cohort": "true",
      "withheld": "far away", "model": "model", "model_version": "1.2.3",
      "model_sha256": "bundle", "demonstration": "true", "profile": "jiao2024", "features": "975",
      "features_sha256": "features", "manifest_sha256": "manifest", "input_digest": "in", "input_files": "31",
      "input_bytes": "4096", "published_as": "a study-2", "error_code": "E_X", "error_message": "why",
    ]
    #expect(Set(table.header) == Set(expected.keys))
    for (name, value) in expected { #expect(table.rows[0][name] == value, "\(name)") }
  }

  @Test("A probability outside the cohort is marked")
  func outOfCohortProbabilityIsMarked() throws {
    let test = try TestStore()
    var job = try test.job()
    for (state, kind) in [
      (JobState.queued, EventKind.admitted), (.running, .started), (.publishing, .computed), (.done, .published),
    ] { job = try test.store.move(job, to: state, Change(kind)) }
    var result = ResultRecord(manifestSHA256: "m")
    (result.modelName, result.demonstration) = ("model", true)
    (result.probability, result.positive, result.threshold) = (0.75, true, 0.5)
    func outcome(_ result: ResultRecord) -> String {
      String(JobReport.list([(job, result)]).split(separator: "\n")[1].split(separator: "  ").last ?? "")
        .trimmingCharacters(in: .whitespaces)
    }
    #expect(outcome(result) == "p = 0.75, positive, demonstration model")
    result.warnings = ["OOD_KVP: another voltage"]
    #expect(outcome(result) == "outside cohort, not to be relied on (p = 0.75, positive), demonstration model")
    (result.probability, result.positive, result.demonstration) = (nil, nil, false)
    #expect(outcome(result) == "no probability: outside cohort")
    result.warnings = []
    #expect(outcome(result) == "no probability: withheld")
    result.modelName = nil
    #expect(outcome(result) == "features only")
  }

  @Test("Text reports show no control characters")
  func textReportsShowNoControlCharacters() throws {
    let test = try TestStore()
    let job = try test.job("a\u{1B}[31mred\nline")
    let list = JobReport.list(try test.store.jobsWithResults())
    let show = JobReport.history(try test.store.history(of: job))
    #expect(!list.contains("\u{1B}") && !show.contains("\u{1B}"))
    #expect(list.split(separator: "\n").count == 2)
  }

  @Test("The exported documents are JSON")
  func exportedDocumentsAreJSON() throws {
    let test = try TestStore()
    let job = try test.job()
    let list = try JSONSerialization.jsonObject(with: Data(try JobDocument.list(try test.store.jobsWithResults()).utf8))
    #expect((list as? [[String: Any]])?.first?["job"] as? String == job.id.text)
    let full = try JSONSerialization.jsonObject(
      with: Data(try JobDocument.history(try test.store.history(of: job)).utf8))
    #expect(((full as? [String: Any])?["events"] as? [Any])?.count == 1)
  }

  @Test("Requests are answered once")
  func requestsAreAnsweredOnce() throws {
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
