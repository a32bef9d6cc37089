import Foundation
import TestKit
import Testing

/// `model`, `stability` and `drift` as a user runs them.
@Suite(.enabled(if: !Program.path.isEmpty, "the radiomicsd program is not beside the tests"))
struct ModelCommandTests {
  private let folder: TemporaryFolder
  private static let fixtures = SharedData.checkout.appendingPathComponent("Tests/ONNXTests/Fixtures").path
  private static let forest =
    SharedData.checkout.appendingPathComponent("Tests/ModelTests/Fixtures/forest/bundle").path

  init() throws { folder = try TemporaryFolder() }

  private func run(_ arguments: String...) throws -> String {
    let run = try Program.run(arguments)
    #expect(run.status == 0, "\(arguments): \(run.errors)")
    return run.output
  }

  @Test("A bundle is exported, compared and activated")
  func bundleIsExportedDiffedAndActivated() throws {
    let models = try folder.folder("models")
    _ = try run("model", "export", Self.forest, "--output", models + "/one")
    _ = try run("model", "export", models + "/one", "--output", models + "/two.tar", "--json")
    #expect(try run("model", "diff", models + "/one", models + "/two.tar") == "the same bundle\n")
    _ = try run("model", "activate", models + "/one")
    #expect(try run("model", "activate", models + "/two.tar", "--json").contains(#""previous":"one""#))
    #expect(try run("model", "inspect", models + "/active").contains("trees"))
    #expect(try run("model", "card", models + "/active").contains("# A forest"))
    let json = try run("model", "diff", models + "/active", Self.forest, "--json")
    #expect(json.contains(#""differs": false"#))

    let unsigned = try Program.run(
      "model", "verify", models + "/active", "--require-signature", "--trusted-key",
      "RWT7E0F71oL08cqr4d3rJDkT+3ezzUIUBWADKbWlp997WIMFWvCwHkHl")
    #expect(unsigned.status == 78 && unsigned.errors.contains("E_MODEL_SIGNATURE"))
  }

  @Test("An ONNX file is imported and exported")
  func onnxFileIsImportedAndExported() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: Self.fixtures + "/expected.json"))
    let expected = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let rows = try #require((expected["files"] as? [String: Any])?["lr-f64.onnx"])
    try folder.write("names.txt", (expected["features"] as! [String]).joined(separator: "\n"))
    try JSONSerialization.data(withJSONObject: ["rows": rows]).write(to: URL(fileURLWithPath: folder("rows.json")))
    try folder.write("p.yaml", "setting:\n  binWidth: 25\n")
    func importing(_ file: String) throws -> Program.Outcome {
      try Program.run(
        "model", "import", Self.fixtures + "/" + file, "--schema", folder("names.txt"), "--profile",
        folder("p.yaml"), "--rows", folder("rows.json"), "--output", folder("made.bundle"), "--created",
        "2026-01-01T00:00:00Z")
    }
    let refused = try importing("hostile-boosted.onnx")
    #expect(refused.status == 65 && refused.errors.contains("E_ONNX"))
    let other = try importing("mlp-f64.onnx")
    #expect(other.status == 78 && other.errors.contains("E_MODEL_SELFTEST"))
    #expect(try !folder.list().contains { $0.hasPrefix("made") })
    #expect(try importing("lr-f64.onnx").status == 0)
    #expect(try importing("lr-f64.onnx").errors.contains("E_BUNDLE_EXISTS"))
    #expect(try run("model", "inspect", folder("made.bundle")).contains("name: made\n"))
    _ = try run("model", "export", folder("made.bundle"), "--onnx", "--output", folder("x.onnx"))
    #expect(try folder.data("x.onnx").count > 500)
  }

  @Test("stability writes a table and a list")
  func stabilityWritesTableAndList() throws {
    _ = try run("phantom", "--output", folder("s"), "--seed", "3", "--count", "2", "--matrix", "64", "--slices", "12")
    var lines = ["Image,Mask"]
    for number in 1...2 {
      let study = folder("s/phantom-000\(number)")
      _ = try run(
        "convert", study, "--output", folder("i\(number).nii.gz"), "--mask", study + "/mask.nii.gz", "--mask-output",
        folder("m\(number).nii.gz"))
      lines.append("i\(number).nii.gz,m\(number).nii.gz")
    }
    try folder.write("cases.csv", lines.joined(separator: "\n") + "\n")
    try folder.write(
      "p.yaml", "setting: {binWidth: 25}\nfeatureClass: {firstorder: [Mean], shape: [VoxelVolume]}\n")
    let options = ["--batch", folder("cases.csv"), "--profile", folder("p.yaml"), "--contours", "1"]
    let made = try Program.run(["stability"] + options + ["--output", folder("s.json"), "--stable", folder("l.txt")])
    #expect(made.status == 0, "\(made.errors)")
    #expect(try folder.json("s.json")["cases"] as? Int == 2)
    #expect(try folder.text("l.txt").hasPrefix("# Features whose ICC(2,1)"))
    #expect(try Program.run(["stability"] + options + ["--image", "x"]).status == 64)
    try folder.write("config.yaml", "inbox: i\noutbox: o\nstate: st\ndone: d\nfailed: f\nstatus: x\n")
    let drift = try Program.run("drift", "--config", folder("config.yaml"))
    #expect(drift.status == 64 && drift.errors.contains("names no model"))
  }
}
