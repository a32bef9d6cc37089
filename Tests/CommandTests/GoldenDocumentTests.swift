import Documents
import Foundation
import TestKit
import Testing

/// Every document that a worker hands to the daemon, byte for byte as it was.
@Suite(.enabled(if: !Program.path.isEmpty, "the radiomicsd program is not beside the tests"))
struct GoldenDocumentTests {
  private static let kept = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")
  private static let job = "0192f0c0-0000-7000-8000-000000000001"

  private let folder: TemporaryFolder
  private var study: String { folder("s/phantom-0001") }

  init() throws {
    folder = try TemporaryFolder()
    let made = try Program.run("phantom", "--output", folder("s"), "--seed", "3", "--matrix", "32", "--slices", "10")
    #expect(made.status == 0, "\(made.errors)")
    let model = SharedData.checkout.appendingPathComponent("etc/models/demonstration").path
    try folder.write(
      "c.yaml",
      "model:\n  bundle: \(model)\n  shadow: \(model)\n  out_of_distribution: flag\nthreads_per_job: 2\n")
    try folder.write("plain.yaml", "threads_per_job: 2\nprofile: jiao2024\n")
  }

  private func expectSame(_ document: Data, _ name: String) throws {
    let (found, kept) = try Golden.pair(document, name, in: Self.kept)
    #expect(found == kept, "\(name)")
  }

  private func run(_ config: String, supersedes: String? = nil) throws -> String {
    let output = UUID().uuidString
    _ = try Worker.run(
      folder, config: config, job: Self.job, study: "Ümläut \"1\"", input: study, output: try folder.folder(output)
    ) { $0.supersedes = supersedes }
    return output
  }

  private func probe(_ name: String, _ input: String? = nil) throws {
    let scratch = folder(UUID().uuidString)
    let answer = try Worker.probe(folder, config: "plain.yaml", input: input ?? study) { $0.scratch = scratch }
    #expect(answer.status == 0, "\(answer.errors)")
    try expectSame(Data(answer.output.utf8), "probe-\(name).json")
  }

  @Test("The documents of a result equal the committed ones")
  func resultDocumentsEqualGoldens() throws {
    let output = try run("c.yaml", supersedes: "0192f0c0-0000-7000-8000-000000000000")
    for name in ["result.json", "manifest.json", "audit.json", "shadow.json"] {
      try expectSame(try folder.data("\(output)/\(name)"), name)
    }
    let plain = try run("plain.yaml")
    try expectSame(try folder.data("\(plain)/result.json"), "result-without-model.json")
  }

  @Test("The documents of a refusal equal the committed ones")
  func refusalDocumentsEqualGoldens() throws {
    // The first voxel of the grid is the region's as well.
    let steps = #"(gzip -dc "$0" | head -c 352; printf '\001'; gzip -dc "$0" | tail -c +354) > "$1""#
    let shell = try Process.run(
      URL(fileURLWithPath: "/bin/sh"), arguments: ["-c", steps, study + "/mask.nii.gz", study + "/other mask.nii"])
    shell.waitUntilExit()
    try probe("needs-review")
    try expectSame(try folder.data("\(try run("plain.yaml"))/error.json"), "error-needs-review.json")
    try FileManager.default.removeItem(atPath: study + "/other mask.nii")
    try FileManager.default.removeItem(atPath: study + "/ct/IM0005.dcm")
    try probe("incomplete")
    try expectSame(try folder.data("\(try run("plain.yaml"))/error.json"), "error-rejected.json")
  }

  @Test("The answers of a probe equal the committed ones")
  func probeAnswersEqualGoldens() throws {
    try probe("complete")
    try "priority: urgent\n".write(toFile: study + "/study.yaml", atomically: true, encoding: .utf8)
    try probe("urgent")
    try FileManager.default.removeItem(atPath: study + "/study.yaml")
    try "mask: none.nii.gz\n".write(toFile: study + "/study.yaml", atomically: true, encoding: .utf8)
    try probe("instructions")
    let files = try FileManager.default.subpathsOfDirectory(atPath: study).sorted()
    var draft = ArchiveDraft([])
    for file in files where file != "study.yaml" {
      guard let data = try? Data(contentsOf: URL(fileURLWithPath: study + "/" + file)) else { continue }
      draft.entries.append(ArchiveDraft.Entry(file, Array(data)))
    }
    try Data(draft.zip(deflated: false)).write(to: URL(fileURLWithPath: folder("study.zip")))
    try probe("archive", folder("study.zip"))
    try Data("nothing".utf8).write(to: URL(fileURLWithPath: folder("bad.zip")))
    try probe("rejected", folder("bad.zip"))
  }
}
