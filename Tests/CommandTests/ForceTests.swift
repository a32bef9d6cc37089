import Documents
import Foundation
import TestKit
import Testing

/// Requests in `study.yaml` besides choices: priority, and computing despite objections.
@Suite(.enabled(if: !Program.path.isEmpty, "the radiomicsd program is not beside the tests"))
struct ForceTests {
  private let folder: TemporaryFolder
  private var study: String { folder("s/phantom-0001") }

  init() throws {
    folder = try TemporaryFolder()
    let made = try Program.run("phantom", "--output", folder("s"), "--seed", "3", "--matrix", "32", "--slices", "10")
    #expect(made.status == 0, "\(made.errors)")
    try folder.write("c.yaml", "threads_per_job: 2\nprofile: jiao2024\n")
  }

  private func choose(_ yaml: String) throws {
    try yaml.write(toFile: study + "/study.yaml", atomically: true, encoding: .utf8)
  }

  /// The probe's answer, without its estimate of memory.
  private func probe() throws -> String {
    try Worker.probe(folder, config: "c.yaml", input: study).output
      .replacing(/,"memory_mb":[0-9]+/, with: "")
  }

  @Test("study.yaml may request priority")
  func studyYAMLMaySetPriority() throws {
    #expect(try probe() == "{\"state\":\"complete\"}\n")
    try choose("priority: urgent\n")
    #expect(try probe() == "{\"state\":\"complete\",\"priority\":\"urgent\"}\n")
    try choose("priority: normal\n")
    #expect(try probe() == "{\"state\":\"complete\"}\n")
  }

  @Test("A study with an unreadable file is computed only by force and with a reason")
  func unreadableFileNeedsForceAndReason() throws {
    let slice = try #require(FileManager.default.contents(atPath: study + "/ct/IM0001.dcm"))
    try slice.prefix(300).write(to: URL(fileURLWithPath: study + "/ct/broken.dcm"))
    #expect(try probe().contains("\"state\":\"incomplete\""))
    try choose("force: true\n")
    #expect(try probe().contains("E_STUDY_YAML"), "not without a reason")
    try choose("force: true\nreason: the scanner's index\n")
    #expect(try probe() == "{\"state\":\"complete\"}\n")
    let run = try Worker.run(folder, config: "c.yaml", input: study, output: try folder.folder("out"))
    #expect(run.status == 0, "\(run.errors)")
    let result = String(decoding: try folder.data("out/result.json"), as: UTF8.self)
    #expect(result.contains("FORCED") && result.contains("the scanner's index") && result.contains("broken.dcm"))
    #expect(result.contains("\"by\": \"study.yaml\""))
    // The files of the record are beside the result, and not part of it.
    let audit = String(decoding: try folder.data("out/audit.json"), as: UTF8.self)
    #expect(audit.contains("radiomicsd.audit/1") && audit.contains("\"threads\": \"2\""))
    #expect(!String(decoding: try folder.data("out/manifest.json"), as: UTF8.self).contains("audit.json"))
    // An operator's request has the same effect, and is distinguished.
    try FileManager.default.removeItem(atPath: study + "/study.yaml")
    let asked = try Worker.run(folder, config: "c.yaml", input: study, output: try folder.folder("again")) {
      $0.choices.force = "seen"
    }
    #expect(asked.status == 0, "\(asked.errors)")
    #expect(String(decoding: try folder.data("again/result.json"), as: UTF8.self).contains("\"by\": \"operator\""))
  }

  @Test("A worker hides its arguments")
  func workerHidesItsArguments() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Program.path)
    let output = try folder.folder("hidden")
    process.arguments = [
      "worker", "run", "--request",
      try Worker.request(folder, "c.yaml", study) {
        $0.job = "j"
        $0.study = "ZZCANARY"
        $0.output = output
      },
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    var shown: Set<[String]> = []
    while process.isRunning {
      let line = FileManager.default.contents(atPath: "/proc/\(process.processIdentifier)/cmdline") ?? Data()
      shown.insert(line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
      usleep(1000)
    }
    #expect(process.terminationStatus == 0)
    #expect(shown.contains([Program.path, "worker", "run"]), "\(shown)")
    let result = String(decoding: try folder.data("hidden/result.json"), as: UTF8.self)
    #expect(result.contains("ZZCANARY"), "the worker itself still knows")
  }
}
