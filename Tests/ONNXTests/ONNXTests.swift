import Errors
import Foundation
import Model
import ONNX
import TestKit
import Testing

/// Files that skl2onnx 1.20 wrote of scikit-learn 1.9.1 pipelines, and scikit-learn's probabilities
/// (`Tests/Oracles/onnx_models.py`).
struct ONNXTests {
  struct Expected: Decodable {
    var features: [String]
    var files: [String: [SelfTest.Row]]
    var cohort: Cohort
  }

  static let expected: Expected = {
    let bytes = try! Self.fixture("expected.json")
    return try! JSONDecoder().decode(Expected.self, from: Data(bytes))
  }()

  private static func fixture(_ name: String) throws -> [UInt8] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
    return Array(try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  static let manifest = BundleManifest(
    name: "imported", version: "1.0.0", created: "2026-01-01T00:00:00Z", demonstration: true,
    classes: ["negative", "positive"], labelDefinition: "made", features: [], profileName: "made", steps: [],
    decision: BundleManifest.Decision(threshold: 0.5, rule: "fixed"), intendedUse: "tests", notFor: [])

  static func imported(
    _ bytes: [UInt8], rows: [SelfTest.Row], cohort: Cohort? = nil, features: [String] = expected.features
  ) throws -> ONNXImport {
    let text = try JSONEncoder().encode(["rows": rows])
    return try ONNXImport(
      bytes, schema: features, rows: ONNXImport.ReferenceRows(Array(text), file: "rows.json"), manifest: manifest,
      profile: Array("setting:\n  binWidth: 25\n".utf8), cohort: cohort)
  }

  @Test(
    "Files of skl2onnx give their own probabilities",
    arguments: expected.files.keys.filter { !$0.hasPrefix("hostile") }.sorted())
  func skl2onnxFilesAreReproduced(file: String) throws {
    let rows = Self.expected.files[file]!
    let imported = try Self.imported(try Self.fixture("\(file)"), rows: rows)
    let bundle = try ModelBundle(files: try imported.contents.files(), path: file)
    #expect(imported.isFloat32 == (file.contains("f32") || file.hasPrefix("rf")))
    // Weights that were rounded to single precision, trees' shares always.
    let tolerance = imported.isFloat32 ? 1e-6 : 1e-13
    #expect(bundle.selfTestDifference <= tolerance, "\(bundle.selfTestDifference)")
    #expect(imported.warnings.contains { $0.contains("single precision") } == imported.isFloat32)
    #expect(imported.warnings.contains { $0.contains("imputer") } == file.hasPrefix("selected"))
    if file.hasPrefix("selected") {
      #expect(bundle.manifest.features.count == 5)
      #expect(Set(bundle.manifest.features).isSubset(of: Set(Self.expected.features)))
    } else {
      #expect(bundle.manifest.features == Self.expected.features)
    }
    // Nobody knows the training cases.
    #expect(bundle.cohort == nil)
    let numbers = Dictionary(uniqueKeysWithValues: zip(Self.expected.features, rows[0].features))
    #expect(bundle.assess(numbers).outOfDistribution == nil)
  }

  @Test("A cohort given at import yields distances")
  func cohortGivesDistances() throws {
    let rows = Self.expected.files["mlp-f64.onnx"]!
    let imported = try Self.imported(
      try Self.fixture("mlp-f64.onnx"), rows: rows, cohort: Self.expected.cohort)
    let bundle = try ModelBundle(files: try imported.contents.files(), path: "x")
    let numbers = Dictionary(uniqueKeysWithValues: zip(Self.expected.features, rows[9].features))
    let distance = try #require(bundle.assess(numbers).outOfDistribution)
    #expect(distance.t2 != nil && distance.score < 1)
  }

  @Test(
    "Operators that are not supported are refused by name",
    arguments: [
      ("boosted", "boosted trees"), ("neighbours", "is not computed"), ("external", "another file"),
      ("integers", "type 10"), ("circle", "circle"), ("domain", "com.example"), ("operation", "Erf"),
      ("rotated", "not orthogonal"),
    ])
  func unsupportedOperatorsAreNamed(file: String, reason: String) throws {
    let error = #expect(throws: StudyError.self) {
      try Self.imported(
        try Self.fixture("hostile-\(file).onnx"), rows: Self.expected.files["mlp-f64.onnx"]!)
    }
    #expect(error?.code == .onnx && error?.message.contains(reason) == true, "\(String(describing: error))")
  }

  @Test("Single precision that is not sufficient gives a warning and a refusal")
  func insufficientSinglePrecisionIsRefused() throws {
    let imported = try Self.imported(
      try Self.fixture("hostile-offset.onnx"), rows: Self.expected.files["hostile-offset.onnx"]!)
    #expect(imported.isFloat32 && imported.warnings.contains { $0.contains("times its deviation") })
    let error = #expect(throws: StudyError.self) {
      try ModelBundle(files: try imported.contents.files(), path: "x")
    }
    #expect(error?.code == .modelSelfTest)
  }

  @Test("A graph with a branch is refused")
  func branchingGraphIsRefused() throws {
    let error = #expect(throws: StudyError.self) {
      try Self.imported(
        try Self.fixture("hostile-conditional.onnx"), rows: Self.expected.files["mlp-f64.onnx"]!)
    }
    #expect(error?.code == .onnx && error?.message.contains("operation If") == true)
  }

  @Test("The import is refused when sample rows are not reproduced")
  func unreproducedRowsRefuseTheImport() throws {
    let rows = Self.expected.files["mlp-f64.onnx"]!
    func code(_ file: String, _ rows: [SelfTest.Row]) -> ErrorCode? {
      do {
        _ = try ModelBundle(
          files: try Self.imported(try Self.fixture("\(file)"), rows: rows).contents.files(), path: "x")
        return nil
      } catch { return (error as? StudyError)?.code }
    }
    #expect(code("mlp-f64.onnx", rows) == nil)
    #expect(code("hostile-weight.onnx", rows) == .modelSelfTest)
    var wrong = rows
    wrong[3].probability += 2e-9
    #expect(code("mlp-f64.onnx", wrong) == .modelSelfTest)
    #expect(code("mlp-f64.onnx", Array(rows.prefix(4))) == .onnx)
    #expect(code("mlp-f64.onnx", Array(repeating: rows[0], count: 9)) == .onnx)
    #expect(
      code(
        "mlp-f64.onnx", rows.map { SelfTest.Row(features: Array($0.features.dropLast()), probability: $0.probability) })
        == .onnx)
  }

  /// No file may trap: every prefix, and changed bytes, load or throw.
  @Test("Damaged files never trap")
  func damagedFilesNeverTrap() throws {
    let rows = Self.expected.files["rf-f64.onnx"]!
    for file in ["rf-f64.onnx", "lr-f32.onnx", "mlp-f64-zipmap.onnx"] {
      let sound = try Self.fixture("\(file)")
      for length in stride(from: 0, to: sound.count, by: 23) {
        _ = try? Self.imported(Array(sound[..<length]), rows: rows)
      }
      for place in stride(from: 0, to: sound.count, by: 7) {
        for value: UInt8 in [0, 127, 255] {
          var bytes = sound
          bytes[place] = value
          _ = try? Self.imported(bytes, rows: rows)
        }
      }
    }
  }

  /// What we write, we read back as the same numbers; onnxruntime's answer is checked by the oracle script.
  @Test(
    "Export followed by import gives the same pipeline",
    arguments: ["mlp-f64.onnx", "tanh-f64.onnx", "identity-f64.onnx"])
  func exportRoundTripsThePipeline(file: String) throws {
    let rows = Self.expected.files[file]!
    let first = try ModelBundle(
      files: try Self.imported(try Self.fixture("\(file)"), rows: rows).contents.files(), path: "x")
    #expect(first.onnx() == first.onnx())
    let again = try ModelBundle(
      files: try Self.imported(first.onnx(), rows: rows).contents.files(), path: "x")
    #expect(again.manifest.steps == first.manifest.steps)
    #expect(BundleDifference(first, again).largestProbabilityDifference == 0)
  }
}
