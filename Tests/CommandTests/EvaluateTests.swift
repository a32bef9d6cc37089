import Documents
import Foundation
import TestKit
import Testing

@Suite("evaluate", .enabled(if: !Program.path.isEmpty, "the radiomicsd program is not beside the tests"))
struct EvaluateTests {
  private static let model = SharedData.checkout.appendingPathComponent("etc/models/demonstration").path
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private struct Cohort: Decodable {
    struct Features: Decodable {
      var mean: [Double]
      var sd: [Double]
    }
    var features: Features
  }

  private struct Manifest: Decodable { var features: [String] }

  private struct Predicted: Decodable {
    struct Prediction: Decodable {
      var probability: Double?
      var positive: Bool?
      var threshold: Double
    }
    struct Distance: Decodable {
      var score: Double
      var flag: Bool
    }
    var prediction: Prediction
    var outOfDistribution: Distance?
  }

  /// Cases around the demonstration cohort's means.
  private func writeTables(cases: Int = 24, without: Int? = nil, oneClass: Bool = false) throws {
    func read<Value: Decodable>(_ name: String) throws -> Value {
      try JSONDecoder().decode(Value.self, from: Data(contentsOf: URL(fileURLWithPath: "\(Self.model)/\(name)")))
    }
    let manifest: Manifest = try read("bundle.json")
    let cohort: Cohort = try read("cohort.json")
    var features = "study," + manifest.features.joined(separator: ",") + "\n"
    var labels = "study,label,Age,Sex\n"
    for i in 0..<cases {
      let numbers = manifest.features.indices.map { j in
        i == without && j == 2 ? "" : "\(cohort.features.mean[j] + cohort.features.sd[j] * sin(Double(i * 31 + j * 7)))"
      }
      features += "case-\(i)," + numbers.joined(separator: ",") + "\n"
      labels += "case-\(i),\(!oneClass && i % 2 == 0 ? 0 : 1),\(50 + i),\(i % 3 == 0 ? "female" : "male")\n"
    }
    labels += "case-without-features,1,70,male\n"
    try Data(features.utf8).write(to: URL(fileURLWithPath: folder("f.csv")))
    try Data(labels.utf8).write(to: URL(fileURLWithPath: folder("l.csv")))
  }

  private func evaluate(_ output: String, _ more: String...) throws -> Program.Outcome {
    let arguments = [
      "evaluate", "--model", Self.model, "--features", folder("f.csv"), "--labels", folder("l.csv"), "--output",
      folder(output),
    ]
    return try Program.run(arguments + more)
  }

  @Test("A frozen model is evaluated on new cases")
  func frozenModelIsEvaluatedOnNewCases() throws {
    try writeTables(without: 5)
    let run = try evaluate("a")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("Demonstration model") && run.output.contains("Research use only. Not for diagnosis."))
    #expect(run.output.contains("23 cases"))
    let json = try folder.json("a/evaluation.json")
    #expect(json["schema"] as? String == "radiomicsd.evaluation/1")
    #expect(json["withheld"] as? Int == 1)
    let test = ((json["models"] as? [[String: Any]])?.first?["test"]) as? [String: Any]
    #expect(test?["n"] as? Int == 23)
    let table = try CSVTable(bytes: Array(try folder.data("a/predictions.csv")))
    #expect(table.rows.count == 24)
    #expect(
      Set(table.header) == [
        "study", "label", "called", "outside_training_cohort", "scan_outside", "withheld", "probability", "threshold",
        "ood_score",
      ])
    // What predict says of the same cases, column by column.
    let predicted = try Program.run(
      "predict", "--features", folder("f.csv"), "--model", Self.model, "--json", "--out-of-distribution", "flag")
    let lines = predicted.output.split(separator: "\n")
    #expect(lines.count == 24)
    for (index, line) in lines.enumerated() {
      // JSONSerialization reads the last digits of a number through a decimal; JSONDecoder reads the number.
      let expected = try JSONDecoder().decode(Predicted.self, from: Data(line.utf8))
      let row = try #require(table.rows.first { $0["study"] == "case-\(index)" })
      #expect(row["label"] == (index % 2 == 0 ? "0" : "1"))
      #expect(row["probability"].flatMap(Double.init) == expected.prediction.probability)
      #expect(row["called"] == (expected.prediction.positive.map { $0 ? "1" : "0" } ?? ""))
      let threshold = index == 5 ? nil : expected.prediction.threshold
      #expect(row["threshold"].flatMap(Double.init) == threshold)
      #expect(row["ood_score"].flatMap(Double.init) == expected.outOfDistribution?.score)
      #expect(row["outside_training_cohort"] == (expected.outOfDistribution.map { $0.flag ? "yes" : "no" } ?? ""))
      #expect(row["scan_outside"] == "")
      #expect(row["withheld"]?.hasPrefix("the model needs features that this case does not have") == (index == 5))
    }
    // The area under the curve of the column that is called probability.
    func scores(_ label: String) -> [Double] {
      table.rows.filter { $0["label"] == label }.compactMap { $0["probability"].flatMap(Double.init) }
    }
    let (negative, positive) = (scores("0"), scores("1"))
    let wins = positive.map { p in negative.map { p > $0 ? 1 : p == $0 ? 0.5 : 0 }.reduce(0, +) }.reduce(0, +)
    let area = test?["auc"] as? Double
    #expect(area.map { abs($0 - wins / Double(positive.count * negative.count)) < 1e-12 } == true)

    #expect(try evaluate("a").status == 64)
    #expect(try evaluate("b").status == 0)
    for name in ["evaluation.json", "report.html", "predictions.csv"] {
      #expect(try folder.data("a/\(name)") == folder.data("b/\(name)"), "\(name)")
    }
    #expect(try evaluate("a", "--force", "--json").output.hasPrefix("{\"schema\""))
  }

  @Test("Cases of one class alone are refused")
  func oneClassIsRefused() throws {
    try writeTables(cases: 12, oneClass: true)
    let run = try evaluate("a")
    #expect(run.status == 65 && run.errors.contains("E_TRAIN_CLASSES"), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder("a")))
  }
}
