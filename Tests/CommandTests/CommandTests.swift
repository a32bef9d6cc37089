import Foundation
import Imaging
import TestKit
import Testing

@Suite(.enabled(if: !Program.path.isEmpty, "the radiomicsd program is not beside the tests"))
struct CommandTests {
  private let folder: TemporaryFolder
  private var study: String { folder("s/phantom-0001") }

  init() throws {
    folder = try TemporaryFolder()
    let made = try Program.run("phantom", "--output", folder("s"), "--seed", "3", "--matrix", "64", "--slices", "12")
    #expect(made.status == 0, "\(made.errors)")
  }

  private static let model = SharedData.checkout.appendingPathComponent("etc/models/demonstration").path

  @Test("A study goes from a folder to a probability")
  func processGivesAProbability() throws {
    let run = try Program.run("process", study, "--output", folder("out"), "--model", Self.model)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("probability"))
    #expect(run.output.contains("Demonstration model"))
    #expect(run.output.contains("Research use only. Not for diagnosis."))
    #expect(try folder.list("out").contains("manifest.json"))

    // A second run does not overwrite without being told to.
    let again = try Program.run("process", study, "--output", folder("out"))
    #expect(again.status == 64 && again.errors.contains("E_OUTPUT_EXISTS"))
    let forced = try Program.run("process", study, "--output", folder("out"), "--force", "--json")
    #expect(forced.status == 0 && forced.output.hasPrefix("{"))

    // The published pair, extracted by anyone, gives the published features; and these the published probability.
    let extracted = try Program.run(
      "extract", "--image", folder("out/image.nii.gz"), "--mask", folder("out/mask.nii.gz"), "-o", folder("f.json"))
    #expect(extracted.status == 0, "\(extracted.errors)")
    let same =
      try folder.json("f.json")["features"] as? [String: Double]
      == folder.json("out/features.json")["features"] as? [String: Double]
    #expect(same)
    func predict(_ more: String...) throws -> Program.Outcome {
      try Program.run(["predict", "--features", folder("f.json"), "--model", Self.model] + more)
    }
    let predicted = try predict("--json", "--out-of-distribution", "flag")
    let ours = try JSONSerialization.jsonObject(with: Data(predicted.output.utf8)) as? [String: Any]
    let probability = (ours?["prediction"] as? [String: Any])?["probability"] as? Double
    func published(_ more: String...) throws -> [String: Any]? {
      _ = try Program.run(["process", study, "--output", folder("out"), "--force", "--model", Self.model] + more)
      return try folder.json("out/result.json")["prediction"] as? [String: Any]
    }
    try folder.write("flag.yaml", "model: {out_of_distribution: flag}\n")
    let flagged = try published("--config", folder("flag.yaml"))?["probability"] as? Double
    #expect(probability != nil && probability == flagged)
    // So small a phantom lies outside the demonstration's cohort: by default there is no probability.
    let withheld = try published()
    #expect(withheld?["probability"] is NSNull && withheld?["withheld"] is [String: Any])
    // So does predict, and it marks the case as the result does.
    let plain = try predict()
    #expect(plain.output.contains("no prediction: the case lies outside") && !plain.output.contains("probability 0."))
    let object = try JSONSerialization.jsonObject(with: Data(try predict("--json").output.utf8)) as? [String: Any]
    #expect((object?["prediction"] as? [String: Any])?["probability"] is NSNull)
    let codes = (object?["warnings"] as? [[String: Any]])?.compactMap { $0["code"] as? String }
    #expect(codes?.contains("OOD_FEATURES") == true)
  }

  @Test("convert writes the same bytes every time")
  func convertIsDeterministic() throws {
    for name in ["a.nii.gz", "b.nii.gz"] {
      let run = try Program.run("convert", study, "--output", folder(name), "--threads", name == "a.nii.gz" ? "1" : "3")
      #expect(run.status == 0, "\(run.errors)")
    }
    #expect(try folder.data("a.nii.gz") == folder.data("b.nii.gz"))
    let volume = try NIfTIReader.read(folder("a.nii.gz"))
    #expect(volume.geometry.size == SIMD3(64, 64, 12))
    #expect(volume.pixelType == .int16)
  }

  @Test("Errors are one line, with their exit status")
  func errorsAreOneLineWithExitStatus() throws {
    try folder.write("bad.yaml", "setting:\n  binwidth: 3\n")
    let mask = study + "/mask.nii.gz"
    _ = try Program.run("convert", study, "--output", folder("i.nii.gz"))
    let tampered = try folder.folder("models") + "/m"
    try FileManager.default.copyItem(atPath: Self.model, toPath: tampered)
    try FileHandle(forWritingTo: URL(fileURLWithPath: tampered + "/card.md")).write(contentsOf: Data("x".utf8))

    let cases: [([String], Int32, String)] = [
      (["extract", "--image", folder("none.nii"), "--mask", mask], 66, "E_NOT_FOUND"),
      (["extract", "--image", folder("i.nii.gz"), "--mask", mask, "--profile", folder("bad.yaml")], 78, "E_PROFILE"),
      (["extract", "--image", folder("i.nii.gz"), "--mask", mask, "--profile", "jiao"], 78, "E_PROFILE"),
      (["extract", "--image", folder("i.nii.gz"), "--mask", mask, "--label", "9"], 66, "E_LABEL_MISSING"),
      (["extract", "--image", folder("bad.yaml"), "--mask", mask], 65, "E_NOT_NIFTI"),
      (["process", study, "--output", folder("o"), "--model", tampered], 78, "E_MODEL_HASH"),
      (["process", folder("models"), "--output", folder("o")], 65, "E_NO_SERIES"),
      (["convert", folder("none"), "--output", folder("x.nii")], 66, "E_NOT_FOUND"),
      (["model", "verify", folder("none")], 78, "E_MODEL_MISSING"),
      (["serve", "--config", folder("bad.yaml")], 78, "E_CONFIG"),
    ]
    for (arguments, status, code) in cases {
      let run = try Program.run(arguments)
      #expect(run.status == status, "\(arguments): \(run.status) \(run.errors)")
      let lines = run.errors.split(separator: "\n").filter { !$0.hasSuffix("reading") }
      #expect(lines.count == 1, "\(arguments): \(run.errors)")
      #expect(lines.first?.hasPrefix("radiomicsd: error: \(code): ") == true, "\(arguments): \(run.errors)")
      #expect(run.output.isEmpty)
    }
    let json = try Program.run("extract", "--image", folder("none.nii"), "--mask", mask, "--json")
    let object = try JSONSerialization.jsonObject(with: Data(json.errors.utf8)) as? [String: [String: Any]]
    #expect(object?["error"]?["code"] as? String == "E_NOT_FOUND")
    #expect(try !folder.list().contains("o") || folder.list("o").isEmpty)
  }

  @Test("Wrong usage ends with status 64")
  func wrongUsageEndsWith64() throws {
    #expect(try Program.run("extract").status == 64)
    #expect(try Program.run("nonsense").status == 64)
    #expect(try Program.run("extract", "--image", "a", "--mask", "b", "--threads", "0").status == 64)
    #expect(try Program.run("--help").status == 0)
    #expect(try Program.run("--version").output.hasPrefix("0."))
  }

  @Test("Every command has its section in docs/commands.md")
  func everyCommandHasAManualSection() throws {
    let help = try Program.run("--help").output
    let list = try #require(help.components(separatedBy: "SUBCOMMANDS:").last)
    let names = list.split(separator: "\n").compactMap { try? #/^  ([a-z]+) /#.firstMatch(in: $0)?.1 }.map(String.init)
      .filter { $0 != "See" }
    #expect(names.contains("serve") && names.contains("ibsi"))
    let manual = try String(
      contentsOf: SharedData.checkout.appendingPathComponent("docs/commands.md"), encoding: .utf8)
    for name in names { #expect(manual.contains("\n## \(name)\n"), "\(name)") }
  }

  @Test("An archive is inspected, converted and computed")
  func archivesWorkInEveryCommand() throws {
    let slices = try folder.list("s/phantom-0001/ct")
    let draft = ArchiveDraft(
      try slices.map { ArchiveDraft.Entry("x/ct/\($0)", [UInt8](try folder.data("s/phantom-0001/ct/\($0)"))) }
        + [ArchiveDraft.Entry("x/mask.nii.gz", [UInt8](try folder.data("s/phantom-0001/mask.nii.gz")))])
    let path = folder("case.zip")
    try Data(draft.zip()).write(to: URL(fileURLWithPath: path))
    let inspected = try Program.run("inspect", path)
    #expect(
      inspected.status == 0 && inspected.output.contains("archive  case.zip zip, 13 files"), "\(inspected.errors)")
    #expect(inspected.output.contains("pairing  mask   case.zip/x/mask.nii.gz"))
    for (source, name) in [(path, "a.nii.gz"), (study, "b.nii.gz")] {
      #expect(try Program.run("convert", source, "--output", folder(name)).status == 0)
    }
    #expect(try folder.data("a.nii.gz") == folder.data("b.nii.gz"))
    let run = try Program.run("process", path, "--output", folder("out"), "--json")
    #expect(run.status == 0 && run.output.contains("\"study\": \"case\""), "\(run.errors)")

    try Data(draft.zip().dropLast(40)).write(to: URL(fileURLWithPath: path))
    let cut = try Program.run("process", path, "--output", folder("cut"))
    #expect(cut.status == 65 && cut.errors.contains("E_ARCHIVE_TRUNCATED") && cut.errors.contains("case.zip"))
  }

  @Test("resolve needs a choice")
  func resolveNeedsAChoice() throws {
    let run = try Program.run("jobs", "resolve", "x")
    #expect(run.status == 64 && run.errors.contains("--series"))
    #expect(try Program.run("jobs", "resolve", "x", "--label", "1", "--segment", "2").status == 64)
  }
}
