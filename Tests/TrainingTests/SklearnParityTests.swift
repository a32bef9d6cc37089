import Foundation
import Random
import TestKit
import Testing
import Training

/// Fitting equals scikit-learn 1.9.1 on the same rows.
@Suite("Parity with scikit-learn")
struct SklearnParityTests {
  let golden = SklearnGoldens.shared

  @Test("Random numbers equal NumPy's")
  func randomNumbersEqualNumPy() {
    var random = MersenneTwister(seed: 7)
    #expect(Array(random.uniform(-1, 1, count: 700).suffix(5)) == golden.uniform)
    random = MersenneTwister(seed: 7)
    #expect(random.permutation(97) == golden.permutation)
  }

  @Test("Splits equal scikit-learn's")
  func splitsEqualScikitLearn() throws {
    let groups = (0..<97).map { "patient \($0)" }
    let split = try Splits.holdOut(labels: golden.labels, groups: groups, trainingShare: 0.7, seed: 1)
    #expect(split.training == golden.train.sorted())
    #expect(split.test == golden.test.sorted())
    let folds = try Splits.repeatedKFold(labels: golden.labels, groups: groups, folds: 5, repeats: 2, seed: 42)
    #expect(folds.flatMap { $0 }.map(\.test) == golden.folds)
  }

  @Test("The scaler has scikit-learn's bits")
  func scalerHasScikitLearnBits() throws {
    let fitted = try golden.fit(.logisticRegression(.init()))
    #expect(fitted.tensor("scaler.mean") == golden.scaler.mean)
    #expect(fitted.tensor("scaler.scale") == golden.scaler.scale)
  }

  @Test("Principal components equal scikit-learn's, with their signs")
  func principalComponentsMatchWithSigns() throws {
    let fitted = try golden.fit(.logisticRegression(.init()))
    #expect(difference(fitted.tensor("pca.components"), golden.pca.components) < 1e-12)
    #expect(difference(fitted.explainedVarianceRatio, golden.pca.ratio ?? []) < 1e-12)
    // More columns than rows: the decomposition is transposed.
    let rows = Array(golden.train.prefix(16))
    let all = try golden.fit(.logisticRegression(.init()), rows: golden.train)
    let scaled = standardised(all, rows)
    let few = try PipelineFitter.fit(
      PipelineSpecification(standardise: false, components: .count(15), classifier: .logisticRegression(.init())),
      scaled, labels: rows.map { golden.labels[$0] }, rows: Array(0..<16))
    #expect(difference(few.tensor("pca.components"), golden.wide.components) < 1e-11)
    #expect(difference(few.tensor("pca.explained_variance"), golden.wide.variance ?? []) < 1e-12)
    #expect(few.explainedVarianceRatio.count == 16)
    #expect(try golden.fit(.logisticRegression(.init()), components: .share(0.95)).componentCount == golden.share)
  }

  @Test("Logistic regression equals scikit-learn's fit of tight tolerance")
  func logisticRegressionMatchesATightFit() throws {
    let fitted = try golden.fit(.logisticRegression(.init()))
    #expect(difference(fitted.tensor("lr.coef"), golden.lr.coef) < 1e-8)
    #expect(difference(fitted.tensor("lr.intercept"), [golden.lr.intercept]) < 1e-8)

    // More features than cases, without components.
    let rows = Array(golden.train.prefix(20))
    let scaled = standardised(try golden.fit(.logisticRegression(.init())), rows)
    var settings = LogisticRegressionSettings()
    settings.c = 0.5
    let few = try PipelineFitter.fit(
      PipelineSpecification(standardise: false, components: nil, classifier: .logisticRegression(settings)), scaled,
      labels: rows.map { golden.labels[$0] }, rows: Array(0..<20))
    #expect(difference(few.tensor("lr.coef"), golden.few.coef) < 1e-8)
    #expect(difference(few.tensor("lr.intercept"), [golden.few.intercept]) < 1e-8)
  }

  @Test(
    "Perceptrons equal scikit-learn's",
    arguments: [
      "relu", "relu, early stopping", "tanh, batches, early stopping", "logistic, batches", "identity, strong penalty",
    ])
  func perceptronsMatchScikitLearn(_ name: String) throws {
    let expected = try #require(golden.mlp[name])
    let (settings, seed) = Self.settings(name)
    let fitted = try golden.fit(.mlp(settings), seed: seed)
    for (layer, weights) in expected.weights.enumerated() {
      #expect(difference(fitted.tensor("mlp.\(layer).weight"), weights) < 1e-10)
      #expect(difference(fitted.tensor("mlp.\(layer).bias"), expected.biases[layer]) < 1e-10)
    }
    #expect(fitted.lossCurve.count == expected.epochs)
    #expect(abs((fitted.lossCurve.last ?? .nan) - expected.loss) < 1e-11)
    #expect(difference(fitted.probabilities(golden.matrix.rows(golden.test)), expected.probability) < 1e-10)
  }

  static func settings(_ name: String) -> (MLPSettings, UInt32) {
    var settings = MLPSettings()
    settings.hidden = [8, 4]
    settings.maxIterations = 300
    switch name {
    case "relu": return (settings, 5)
    case "relu, early stopping":
      settings.earlyStopping = true
      return (settings, 5)
    case "tanh, batches, early stopping":
      (settings.hidden, settings.activation, settings.batchSize, settings.earlyStopping) = ([12], .tanh, 32, true)
      settings.maxIterations = 200
      return (settings, 3)
    case "logistic, batches":
      (settings.hidden, settings.activation, settings.batchSize) = ([6], .logistic, 20)
      settings.maxIterations = 200
      return (settings, 3)
    default:
      (settings.hidden, settings.activation, settings.alpha) = ([5, 3], .identity, 10)
      (settings.learningRate, settings.maxIterations) = (0.01, 200)
      return (settings, 11)
    }
  }

  @Test("A single tree over all features equals scikit-learn's")
  func singleTreeMatchesScikitLearn() throws {
    // With leaves of three cases no two cuts are equally good, so the whole tree is determined.
    var settings = RandomForestSettings()
    (settings.trees, settings.featureSubset, settings.bootstrap, settings.minSamplesLeaf) = (1, .all, false, 3)
    let fitted = try golden.fit(.randomForest(settings))
    let tree = golden.tree
    let isLeaf = tree.left.map { $0 < 0 }
    #expect(fitted.tensor("rf.feature") == tree.feature)
    #expect(fitted.tensor("rf.left") == tree.left && fitted.tensor("rf.right") == tree.right)
    #expect(difference(fitted.tensor("rf.threshold"), zip(tree.threshold, isLeaf).map { $1 ? 0 : $0 }) < 1e-6)
    #expect(difference(fitted.tensor("rf.value"), zip(tree.value, isLeaf).map { $1 ? $0 : 0 }) < 1e-15)
  }

  @Test("Trees with ties equal scikit-learn's")
  func treesWithTiesMatchScikitLearn() throws {
    // At depth 2 three cuts of the right node are equally good, and scikit-learn draws one: the impurity is the same.
    var settings = RandomForestSettings()
    (settings.trees, settings.featureSubset, settings.bootstrap, settings.maxDepth) = (1, .all, false, 2)
    let shallow = try golden.fit(.randomForest(settings))
    let shares = shallow.probabilities(golden.matrix.rows(golden.train))
    // A case's leaf has the impurity 2 p (1 - p).
    let gini = shares.map { 2 * $0 * (1 - $0) }.reduce(0, +) / Double(shares.count)
    #expect(abs(gini - golden.giniOfDepthTwo) < 1e-12)

    // Grown to the end, every training case is in a pure leaf.
    settings.maxDepth = nil
    let full = try golden.fit(.randomForest(settings))
    #expect(full.probabilities(golden.matrix.rows(golden.train)) == golden.train.map { golden.labels[$0] ? 1 : 0 })
  }

  /// Rows as the golden scaler leaves them.
  private func standardised(_ fitted: FittedPipeline, _ rows: [Int]) -> FeatureMatrix {
    let (mean, scale) = (golden.scaler.mean, golden.scaler.scale)
    var values: [Double] = []
    for row in rows { for j in 0..<30 { values.append((golden.x[row * 30 + j] - mean[j]) / scale[j]) } }
    return FeatureMatrix(names: golden.matrix.names, rowCount: rows.count, values: values)
  }
}

/// The same with values that were made elsewhere, if they are available.
@Suite(.enabled(if: SharedData.isPresent, "../shared with reference values is not there"))
struct SharedGoldenTests {
  struct Golden: Decodable {
    struct Network: Decodable {
      var coefs: [[[Double]]]
      var intercepts: [[Double]]
      var epochs: Int
      var lossCurve: [Double]?

      enum CodingKeys: String, CodingKey {
        case coefs, intercepts
        case epochs = "n_iter"
        case lossCurve = "loss_curve"
      }
    }
    var train: [Int]
    var test: [Int]
    var scaler: SklearnGoldens.Scaler
    var pca: PCA
    var lr: SklearnGoldens.Linear
    var mlp: Network
    var earlyStopping: Network
    var prob: [String: [Double]]
    var folds: [[Int]]

    enum CodingKeys: String, CodingKey {
      case train, test, scaler, pca, lr, mlp, prob
      case earlyStopping = "mlp_early_stopping"
      case folds = "stratified_kfold5_test_idx"
    }

    struct PCA: Decodable {
      var components: [[Double]]
      var ratio: [Double]

      enum CodingKeys: String, CodingKey {
        case components
        case ratio = "explained_variance_ratio"
      }
    }
  }

  @Test("Every fit equals scikit-learn's")
  func everyFitMatchesScikitLearn() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: SharedData.path("data/training/golden.json")))
    let golden = try JSONDecoder().decode(Golden.self, from: data)
    let table = SklearnGoldens.shared
    let groups = (0..<97).map(String.init)
    let split = try Splits.holdOut(labels: table.labels, groups: groups, trainingShare: 0.7, seed: 1)
    #expect(split == Split(training: golden.train.sorted(), test: golden.test.sorted()))
    let folds = try Splits.repeatedKFold(labels: table.labels, groups: groups, folds: 5, repeats: 1, seed: 42)
    #expect(folds[0].map(\.test) == golden.folds)

    for (earlyStopping, expected) in [(false, golden.mlp), (true, golden.earlyStopping)] {
      var settings = MLPSettings()
      (settings.hidden, settings.maxIterations, settings.earlyStopping) = ([8, 4], 300, earlyStopping)
      let fitted = try table.fit(.mlp(settings), rows: golden.train, seed: 5)
      #expect(fitted.tensor("scaler.mean") == golden.scaler.mean)
      #expect(fitted.tensor("scaler.scale") == golden.scaler.scale)
      #expect(difference(fitted.tensor("pca.components"), golden.pca.components.flatMap { $0 }) < 1e-12)
      #expect(
        difference(Array(fitted.explainedVarianceRatio.prefix(10)), golden.pca.ratio) < 1e-12)
      #expect(fitted.lossCurve.count == expected.epochs)
      if let curve = expected.lossCurve { #expect(difference(fitted.lossCurve, curve) < 1e-11) }
      for layer in 0..<3 {
        #expect(difference(fitted.tensor("mlp.\(layer).weight"), expected.coefs[layer].flatMap { $0 }) < 1e-10)
        #expect(difference(fitted.tensor("mlp.\(layer).bias"), expected.intercepts[layer]) < 1e-10)
      }
      guard !earlyStopping else { continue }
      let probabilities = fitted.probabilities(table.matrix.rows(golden.test))
      #expect(difference(probabilities, golden.prob["mlp"] ?? []) < 1e-10)
    }
    // Their logistic regression was stopped by L-BFGS, which leaves 2e-7; the tight fit is in `Fixtures`.
    let fitted = try table.fit(.logisticRegression(.init()), rows: golden.train)
    #expect(difference(fitted.tensor("lr.coef"), golden.lr.coef) < 1e-6)
  }
}
