import Foundation
import Hashing
import Testing

/// `Fixtures/goldens.json`: fitted scikit-learn pipelines and what scikit-learn computes with them
/// (`tools/make_model_goldens.py`, versions in its `source`).
struct Goldens: Decodable {
  var source: String
  var cases: [GoldenCase]

  static let shared: Goldens = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Fixtures/goldens.json")
    do {
      return try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: path))
    } catch {
      fatalError("the golden values cannot be read: \(error)")
    }
  }()

  static func named(_ name: String) -> GoldenCase { shared.cases.first { $0.name == name }! }
}

struct GoldenCase: Decodable, Sendable, CustomTestStringConvertible {
  var name: String
  var steps: [Step]
  var tensors: [String: TensorValues]
  var rows: [[Double]]
  var probability: [Double]
  var t2: [Double]?
  var spe: [Double]
  var cohort: CohortValues
  var selftest: SelfTestValues

  var testDescription: String { name }
  var features: [String] { rows[0].indices.map { "feature_\($0)" } }

  struct Step: Codable, Sendable {
    var op: String
    var whiten: Bool?
    var components: Int?
    var layers: Int?
    var activation: String?
    var outActivation: String?

    enum CodingKeys: String, CodingKey {
      case op, whiten, components, layers, activation
      case outActivation = "out_activation"
    }
  }

  struct TensorValues: Decodable, Sendable {
    var shape: [Int]
    var values: [Double]
  }

  struct CohortValues: Codable, Sendable {
    struct Limits: Codable, Sendable {
      var q95: Double
      var q99: Double
    }
    struct Features: Codable, Sendable {
      var mean: [Double]
      var sd: [Double]
      var levels: [Double]
      var quantiles: [[Double]]
    }
    var schema: String
    var n: Int
    var positive: Int?
    var features: Features
    var t2: Limits?
    var spe: Limits
  }

  struct SelfTestValues: Codable, Sendable {
    struct Row: Codable, Sendable {
      var features: [Double]
      var probability: Double
      var scores: [Double]?
    }
    var schema: String
    var rows: [Row]
  }
}
