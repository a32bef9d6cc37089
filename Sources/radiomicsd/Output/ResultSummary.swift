import Documents
import Errors
import FoundationEssentials

/// The final output of `process`.
enum ResultSummary {
  /// Prints `result.json` itself, or a summary of it.
  static func print(_ folder: String, asJSON: Bool) throws {
    let path = folder + "/result.json"
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw StudyError(.io, "the result cannot be read", file: path)
    }
    if asJSON {
      try Output.write(Array(data), to: nil)
      return
    }
    let result = try JSONDecoder().decode(Result.self, from: data)
    var lines = [
      "study        \(result.study.escapedForLine)",
      "profile      \(result.profile.name), \(result.features.count) features",
    ]
    if let model = result.model {
      lines.append(
        "model        \(model.name.escapedForLine) \(model.version.escapedForLine)\(model.demonstration ? " (demonstration)" : "")"
      )
    }
    if let prediction = result.prediction {
      if let probability = prediction.probability, let label = prediction.label {
        let value = "\(probability) (threshold \(prediction.threshold)): \(label.escapedForLine)"
        lines.append(
          "probability  \(result.isOutside ? "not to be relied on, outside the training cohort: " : "")\(value)")
      } else {
        lines.append("probability  withheld: \(prediction.withheld?.reason.escapedForLine ?? "")")
      }
    }
    if result.isOutside {
      lines.append("WARNING      the case lies outside the model's training cohort")
    }
    for warning in result.warnings { lines.append("note         \(warning.code): \(warning.message.escapedForLine)") }
    lines.append("result       \(folder)")
    if result.model?.demonstration == true { lines.append(Notice.demonstration) }
    lines.append(result.notice)
    try Output.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: nil)
  }

  private struct Result: Decodable {
    struct Prediction: Decodable {
      struct Withheld: Decodable { var reason: String }
      var probability: Double?
      var threshold: Double
      var label: String?
      var withheld: Withheld?
    }
    struct Model: Decodable {
      var name: String
      var version: String
      var demonstration: Bool
    }
    struct Profile: Decodable { var name: String }
    struct Features: Decodable { var count: Int }
    struct Distance: Decodable { var flag: Bool }
    struct Warning: Decodable {
      var code: String
      var message: String
    }
    var study: String
    var prediction: Prediction?
    var model: Model?
    var profile: Profile
    var features: Features
    var outOfDistribution: Distance?
    var warnings: [Warning]
    var notice: String

    var isOutside: Bool { outOfDistribution?.flag == true || warnings.contains { $0.code.hasPrefix("OOD_") } }
  }
}
