import Errors
import Foundation
import Imaging
import Jobs
import TestKit
import Testing

/// What every command that writes something needs to do so, made once.
final class OutputInputs: Sendable {
  enum Kind: Sendable { case file, folder, newFolder }

  /// One output of one command.
  struct Output: Sendable, CustomTestStringConvertible {
    /// As the help has it: `convert --mask-output`.
    var option: String
    /// Which way of using it, where there are several.
    var way = ""
    var kind: Kind
    var ending = ""
    /// Adds to a file that is there.
    var appends = false
    /// The command line, with the output's path.
    var arguments: @Sendable (OutputInputs, TemporaryFolder, String) -> [String]

    var testDescription: String { option + way }
  }

  let folder: TemporaryFolder
  static let shared = Result { try OutputInputs() }
  private static let models = SharedData.checkout.appendingPathComponent("Tests/ModelTests/Fixtures").path
  private static let forest = models + "/forest/bundle"
  private static let onnx = SharedData.checkout.appendingPathComponent("Tests/ONNXTests/Fixtures").path

  /// Options that name no output.
  static let otherOptions: Set<String> = [
    "out-of-distribution", "across-slices", "anchor", "batch", "cohort", "components", "config", "configurations",
    "contours", "count",
    "created",
    "criterion", "cv", "features", "format", "from", "group-column", "id-column", "image", "intended-use", "jobs",
    "label",
    "label-column", "label-definition", "labels", "last", "limit", "mask", "matrix", "memory-limit", "model",
    "model-version", "name", "names", "negative", "older-than", "permutations", "positive", "profile", "reason", "roi",
    "rows", "schema", "scratch", "seed", "segment", "series", "since", "slices", "spacing", "split", "split-seeds",
    "stable-features", "state", "threads", "threshold", "to", "trusted-key", "until", "worker-program",
  ]

  static let all: [Output] = [
    Output(option: "convert --output", kind: .file, ending: ".nii.gz") { i, _, path in
      ["convert", i.study, "--output", path, "--threads", "1"]
    },
    Output(option: "convert --output", way: ", uncompressed", kind: .file, ending: ".nii") { i, _, path in
      ["convert", i.study, "--output", path, "--threads", "1"]
    },
    Output(option: "convert --mask-output", kind: .file, ending: ".nii.gz") { i, f, path in
      ["convert", i.study, "--output", f("other.nii.gz"), "--mask", i.study + "/mask.nii.gz", "--mask-output", path]
    },
    Output(option: "extract --output", kind: .file, ending: ".json") { i, _, path in i.extract + ["--output", path] },
    Output(option: "extract --output", way: " --format csv", kind: .file, ending: ".csv") { i, _, path in
      i.extract + ["--format", "csv", "--output", path]
    },
    Output(option: "extract --output", way: " --batch", kind: .file, ending: ".csv") { i, _, path in
      ["extract", "--batch", i.folder("cases.csv"), "--profile", i.folder("p.yaml"), "--output", path]
    },
    Output(option: "extract --output", way: " --voxel", kind: .folder) { i, _, path in
      i.extract + ["--voxel", "--output", path]
    },
    Output(option: "extract --output", way: " --voxel --batch", kind: .folder) { i, _, path in
      ["extract", "--voxel", "--batch", i.folder("cases.csv"), "--profile", i.folder("p.yaml"), "--output", path]
    },
    Output(option: "stability --output", kind: .file, ending: ".csv") { i, _, path in
      i.stability + ["--output", path]
    },
    Output(option: "stability --stable", kind: .file, ending: ".txt") { i, f, path in
      i.stability + ["--output", f("other.csv"), "--stable", path]
    },
    Output(option: "jobs export --output", kind: .file, ending: ".csv") { i, _, path in
      ["jobs", "export", "--config", i.folder("config.yaml"), "--output", path]
    },
    Output(option: "audit export --output", kind: .file, ending: ".csv") { i, _, path in
      ["audit", "export", "--config", i.folder("config.yaml"), "--output", path]
    },
    Output(option: "audit anchor --output", kind: .file, ending: ".jsonl", appends: true) { i, _, path in
      ["audit", "anchor", "--config", i.folder("config.yaml"), "--output", path]
    },
    Output(option: "model export --output", way: " .tar", kind: .file, ending: ".tar") { _, _, path in
      ["model", "export", forest, "--output", path]
    },
    Output(option: "model export --output", way: " --onnx", kind: .file, ending: ".onnx") { i, _, path in
      ["model", "export", i.demonstration, "--onnx", "--output", path]
    },
    Output(option: "model export --output", way: " folder", kind: .newFolder) { _, _, path in
      ["model", "export", forest, "--output", path]
    },
    Output(option: "model import --output", kind: .newFolder) { i, _, path in
      [
        "model", "import", onnx + "/lr-f64.onnx", "--schema", i.folder("names.txt"), "--profile",
        i.folder("p.yaml"), "--rows", i.folder("rows.json"), "--output", path, "--created", "2026-01-01T00:00:00Z",
      ]
    },
    Output(option: "process --output", kind: .folder) { i, _, path in
      ["process", i.study, "--profile", i.folder("p.yaml"), "--output", path]
    },
    Output(option: "phantom --output", kind: .folder) { _, _, path in
      ["phantom", "--output", path, "--count", "2", "--matrix", "32", "--slices", "3"]
    },
    Output(option: "train --output", kind: .newFolder) { i, _, path in i.train + ["--output", path] },
    Output(option: "train --report", kind: .folder) { i, f, path in
      i.train + [
        "--output", f("bundle-\(path.utf8.count)"), "--report", path, "--permutations", "0", "--split-seeds", "0",
        "--cv",
        "1x3",
      ]
    },
    Output(option: "evaluate --output", kind: .folder) { i, f, path in
      [
        "evaluate", "--model", i.folder("trained"), "--features", i.folder("f.csv"), "--labels", i.folder("l.csv"),
        "--output", path,
      ]
    },
  ]

  private var study: String { folder("s/phantom-0001") }
  private var demonstration: String { SharedData.checkout.appendingPathComponent("etc/models/demonstration").path }
  private var extract: [String] {
    ["extract", "--image", folder("i.nii.gz"), "--mask", folder("m.nii.gz"), "--profile", folder("p.yaml")]
  }
  private var stability: [String] {
    [
      "stability", "--image", folder("i.nii.gz"), "--mask", folder("m.nii.gz"), "--profile", folder("p.yaml"),
      "--contours", "0",
    ]
  }
  private var train: [String] {
    [
      "train", "--features", folder("f.csv"), "--labels", folder("l.csv"), "--model", "lr", "--components", "3",
      "--threads", "1",
    ]
  }

  private init() throws {
    folder = try TemporaryFolder()
    try folder.write("p.yaml", "setting: {binWidth: 25}\nfeatureClass: {firstorder: [Mean], shape: [VoxelVolume]}\n")
    let geometry = Geometry(size: SIMD3(14, 13, 9), spacing: Vector3(1, 1, 2))
    var mask = [UInt8](repeating: 0, count: geometry.count)
    for z in 2..<7 { for y in 3..<10 { for x in 3..<10 { mask[geometry.offset(x, y, z)] = 1 } } }
    try NIfTIWriter.write(
      Volume(geometry: geometry, int16: (0..<geometry.count).map { Int16($0 * 37 % 101) }), to: folder("i.nii.gz"))
    try NIfTIWriter.write(Mask(geometry: geometry, voxels: mask), to: folder("m.nii.gz"))
    try folder.write("cases.csv", "Image,Mask\ni.nii.gz,m.nii.gz\n")
    try writeCohort()
    try writeReferenceRows()
    _ = try folder.folder("st")
    chmod(folder("st"), 0o700)
    let folders = ["inbox: i", "outbox: o", "state: st", "done: d", "failed: f", "status: x"]
    try folder.write("config.yaml", folders.joined(separator: "\n") + "\n")
    let store = try JobStore.writer(folder("st/jobs.sqlite"))
    try store.note(.daemonStarted)
    try store.close()
    try make("phantom", "--output", folder("s"), "--matrix", "64", "--slices", "12")
    try make(train + ["--output", folder("trained")])
  }

  private func make(_ arguments: String...) throws { try make(arguments) }

  private func make(_ arguments: [String]) throws {
    let run = try Program.run(arguments)
    guard run.status == 0 else { throw StudyError(.internalFault, run.errors) }
  }

  private func writeCohort() throws {
    var features = "study," + (0..<8).map { "original_glcm_F\($0)" }.joined(separator: ",") + "\n"
    var labels = "study,label\n"
    for row in 0..<40 {
      let cells = (0..<8).map { "\(sin(Double(row * 31 + $0 * 7)) + (row % 2 == 0 && $0 < 4 ? 0.8 : 0))" }
      features += "case\(row),\(cells.joined(separator: ","))\n"
      labels += "case\(row),\(row % 2 == 0 ? 1 : 0)\n"
    }
    try folder.write("f.csv", features)
    try folder.write("l.csv", labels)
  }

  private func writeReferenceRows() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: Self.onnx + "/expected.json"))
    let expected = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    let rows = (expected["files"] as? [String: Any])?["lr-f64.onnx"] ?? []
    try folder.write("names.txt", (expected["features"] as? [String] ?? []).joined(separator: "\n"))
    try JSONSerialization.data(withJSONObject: ["rows": rows]).write(to: URL(fileURLWithPath: folder("rows.json")))
  }
}
