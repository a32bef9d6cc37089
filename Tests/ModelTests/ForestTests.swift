import Errors
import Foundation
import Model
import Testing

/// A random forest that scikit-learn fitted and `tools/export_bundle.py` wrote (`Tests/Oracles/onnx_models.py`).
struct ForestTests {
  private struct Expected: Decodable {
    struct Row: Decodable {
      var features: [Double]
      var probability: Double
    }
    var features: [String]
    var rows: [Row]
  }

  @Test("Probabilities of forests equal scikit-learn's")
  func forestEqualsScikitLearn() throws {
    let bundle = try ModelBundle(contentsOf: FixtureBundle.fixtures.appendingPathComponent("forest/bundle").path)
    let expected = try JSONDecoder().decode(Expected.self, from: Data(try FixtureBundle.data("forest/expected.json")))
    #expect(expected.rows.count == 110)
    #expect(bundle.evaluation != nil && bundle.cohort?.reference?.components?.count == 4)
    var labels: Set<Bool> = []
    for row in expected.rows {
      let assessment = bundle.assess(Dictionary(uniqueKeysWithValues: zip(expected.features, row.features)))
      guard case .value(let score) = assessment.prediction else {
        Issue.record("withheld")
        continue
      }
      #expect(abs(score.probability - row.probability) <= 1e-15)
      #expect(score.indeterminate == (0.45...0.55).contains(score.probability))
      labels.insert(score.positive)
    }
    #expect(labels.count == 2)
  }

  private func refusal(_ change: (inout FixtureBundle) throws -> Void) throws -> StudyError? {
    var bundle = try FixtureBundle()
    try change(&bundle)
    return #expect(throws: StudyError.self) { try bundle.load() }
  }

  private func integers(_ values: Tensor.Values, _ change: (inout [Int64]) -> Void) -> Tensor.Values {
    guard case .int64(var list) = values else { return values }
    change(&list)
    return .int64(list)
  }

  @Test(
    "Malformed trees are refused",
    arguments: [
      ("rf.left", 0, 0), ("rf.left", 0, 100_000), ("rf.right", 0, -5), ("rf.feature", 0, 4), ("rf.feature", 0, -2),
      ("rf.root", 1, 0), ("rf.root", 5, 100_000), ("rf.right", 0, 1),
    ])
  func malformedTreesAreRefused(tensor: String, place: Int, value: Int) throws {
    let error = try refusal { try $0.change(tensor) { integers($0) { $0[place] = Int64(value) } } }
    #expect(error?.code == .modelWeights, "\(String(describing: error))")
  }

  @Test("Shares above 1 and contradicting counts are refused")
  func invalidSharesAndCountsAreRefused() throws {
    let share = try refusal {
      try $0.change("rf.value") { values in
        guard case .float64(var list) = values else { return values }
        list[list.firstIndex { $0 > 0 }!] = 1.5
        return .float64(list)
      }
    }
    #expect(share?.code == .modelNumbers)
    let missing = try refusal { try $0.change("rf.threshold") { _ in .float64([.nan]) } }
    #expect(missing != nil)
    let trees = try refusal { bundle in
      var steps = bundle.manifest["steps"] as! [[String: Any]]
      steps[2]["trees"] = 7
      bundle.manifest["steps"] = steps
    }
    #expect(trees?.code == .modelShape)
    let cast = try refusal { bundle in
      var steps = bundle.manifest["steps"] as! [[String: Any]]
      steps[2]["input_cast"] = "float16"
      bundle.manifest["steps"] = steps
    }
    #expect(cast?.code == .modelUnsupported)
  }

  @Test("Calibration acts on the logit")
  func calibrationActsOnTheLogit() throws {
    var bundle = try FixtureBundle()
    var steps = bundle.manifest["steps"] as! [[String: Any]]
    steps.append(["op": "calibrate", "method": "platt", "a": 1.0, "b": 0.0])
    bundle.manifest["steps"] = steps
    // The identity: but for a unanimous vote, whose logit is kept finite.
    _ = try bundle.load()
    steps[3]["a"] = 0.5
    bundle.manifest["steps"] = steps
    #expect(throws: StudyError.self) { try bundle.load() }
    try bundle.change(json: "selftest.json") { test in
      test["rows"] = (test["rows"] as! [[String: Any]]).map { row in
        var row = row
        let p = min(max(row["probability"] as! Double, .ulpOfOne), 1 - .ulpOfOne)
        row["probability"] = 1 / (1 + exp(-0.5 * log(p / (1 - p))))
        return row
      }
    }
    _ = try bundle.load()
    for bad in [["method": "isotonic"], ["a": -1.0], ["a": 0.0]] as [[String: Any]] {
      bundle.manifest["steps"] = Array(steps.dropLast()) + [steps[3].merging(bad) { _, new in new }]
      #expect(throws: StudyError.self) { try bundle.load() }
    }
  }

  @Test("An invalid zone or tolerance is refused")
  func invalidZoneOrToleranceIsRefused() throws {
    for zone in [[0.6, 0.7], [0.4], [0.7, 0.3], [-1, 0.6]] {
      let error = try refusal { bundle in
        bundle.manifest["decision"] = ["threshold": 0.5, "rule": "x", "indeterminate": zone] as [String: Any]
      }
      #expect(error?.code == .modelSchema, "\(zone)")
    }
    let wide = try refusal { try $0.change(json: "selftest.json") { $0["tolerance"] = 0.1 } }
    #expect(wide?.code == .modelSchema)
    let envelope = try refusal { bundle in
      try bundle.change(json: "cohort.json") { $0["acquisition"] = ["kvp": [120, 80]] }
    }
    #expect(envelope?.code == .modelSchema)
    let evaluation = try refusal { $0.files["evaluation.json"] = Array("[".utf8) }
    #expect(evaluation?.code == .modelSchema)
  }
}
