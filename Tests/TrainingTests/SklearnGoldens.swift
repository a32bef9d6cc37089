import Foundation
import Training

/// `Fixtures/sklearn.json`: what scikit-learn 1.9.1 fits to 97 rows of a public table (`tools/make_training_goldens.py`).
struct SklearnGoldens: Decodable {
  struct Scaler: Decodable {
    var mean: [Double]
    var scale: [Double]
  }
  struct Components: Decodable {
    var components: [Double]
    var ratio: [Double]?
    var variance: [Double]?
  }
  struct Linear: Decodable {
    var coef: [Double]
    var intercept: Double
  }
  struct Perceptron: Decodable {
    var weights: [[Double]]
    var biases: [[Double]]
    var epochs: Int
    var loss: Double
    var probability: [Double]
  }
  struct Tree: Decodable {
    var feature: [Double]
    var threshold: [Double]
    var left: [Double]
    var right: [Double]
    var value: [Double]
  }

  var x: [Double]
  var y: [Int]
  var train: [Int]
  var test: [Int]
  var uniform: [Double]
  var permutation: [Int]
  var folds: [[Int]]
  var scaler: Scaler
  var pca: Components
  var wide: Components
  var share: Int
  var lr: Linear
  var few: Linear
  var mlp: [String: Perceptron]
  var tree: Tree
  var giniOfDepthTwo: Double

  enum CodingKeys: String, CodingKey {
    case x, y, train, test, uniform, permutation, folds, scaler, pca, lr, mlp, tree
    case wide = "pca of 16 rows"
    case share = "components for 95 %"
    case few = "lr of 20 rows"
    case giniOfDepthTwo = "gini of depth 2"
  }

  static let shared: SklearnGoldens = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Fixtures/sklearn.json")
    do {
      return try JSONDecoder().decode(SklearnGoldens.self, from: Data(contentsOf: path))
    } catch {
      fatalError("the golden values cannot be read: \(error)")
    }
  }()

  var matrix: FeatureMatrix {
    FeatureMatrix(names: (0..<30).map { "f\($0)" }, rowCount: 97, values: x)
  }
  var labels: [Bool] { y.map { $0 == 1 } }

  func fit(
    _ classifier: PipelineSpecification.Classifier, components: PipelineSpecification.Components? = .count(10),
    rows: [Int]? = nil, seed: UInt32 = 1
  ) throws -> FittedPipeline {
    try PipelineFitter.fit(
      PipelineSpecification(components: components, classifier: classifier, seed: seed), matrix, labels: labels,
      rows: rows ?? train)
  }
}

/// Largest absolute difference; infinite where the lengths differ.
func difference(_ a: [Double]?, _ b: [Double]) -> Double {
  guard let a, a.count == b.count else { return .infinity }
  return zip(a, b).map { abs($0 - $1) }.max() ?? 0
}
