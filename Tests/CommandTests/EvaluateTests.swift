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
    struct Prediction: Decodable { var probability: Double }
    var prediction: Prediction
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

  @Test func aFrozenModelMeetsNewCases() throws {
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
    let table = String(decoding: try folder.data("a/predictions.csv"), as: UTF8.self)
    #expect(table.split(whereSeparator: \.isNewline).count == 25)
    #expect(table.contains("the model needs features that this case does not have"))
    // What predict says of the same table.
    let predicted = try Program.run("predict", "--features", folder("f.csv"), "--model", Self.model, "--json")
    let line = try #require(predicted.output.split(separator: "\n").first)
    // JSONSerialization reads the last digits of a number through a decimal; JSONDecoder reads the number.
    let probability = try JSONDecoder().decode(Predicted.self, from: Data(line.utf8)).prediction.probability
    let row = try #require(table.split(whereSeparator: \.isNewline).first { $0.hasPrefix("case-0,0,") })
    #expect(Double(row.split(separator: ",", omittingEmptySubsequences: false)[5]) == probability)

    #expect(try evaluate("a").status == 64)
    #expect(try evaluate("b").status == 0)
    for name in ["evaluation.json", "report.html", "predictions.csv"] {
      #expect(try folder.data("a/\(name)") == folder.data("b/\(name)"), "\(name)")
    }
    #expect(try evaluate("a", "--force", "--json").output.hasPrefix("{\"schema\""))
  }

  @Test func oneClassIsRefused() throws {
    try writeTables(cases: 6, oneClass: true)
    let run = try evaluate("a")
    #expect(run.status == 65 && run.errors.contains("E_TRAIN_CLASSES"), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder("a")))
  }
}
