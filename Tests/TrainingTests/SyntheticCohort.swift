import Random
import Training

/// Synthetic cohorts: a few hidden factors behind many correlated columns.
enum SyntheticCohort {
  /// - Parameters:
  ///   - signal: distance of the classes in one of the factors; 0: labels and features are independent.
  static func make(
    _ count: Int, columns: Int, signal: Double, seed: UInt32, casesPerPatient: Int = 1
  ) -> LabelledCohort {
    var random = MersenneTwister(seed: seed)
    // A sum of twelve uniform numbers is close enough to a normal one.
    func normal() -> Double { random.uniform(-0.5, 0.5, count: 12).reduce(0, +) }
    let factors = 8
    let loadings = (0..<(factors * columns)).map { _ in normal() }
    var labels: [Bool] = []
    var values: [Double] = []
    for row in 0..<count {
      let label = (row / casesPerPatient) % 7 < 3
      labels.append(label)
      var hidden = (0..<factors).map { _ in normal() }
      if label { hidden[0] += signal }
      for j in 0..<columns {
        var value = 0.5 * normal()
        for k in 0..<factors { value += hidden[k] * loadings[k * columns + j] }
        values.append(value * Double(j % 9 + 1))
      }
    }
    return LabelledCohort(
      ids: (0..<count).map { "case \($0)" }, groups: (0..<count).map { "patient \($0 / casesPerPatient)" },
      labels: labels,
      features: FeatureMatrix(names: (0..<columns).map { "feature_\($0)" }, rowCount: count, values: values))
  }

  /// Mann-Whitney, ties a half.
  static func auc(_ probabilities: [Double], _ labels: [Bool]) -> Double {
    var wins = 0.0
    for (p, isPositive) in zip(probabilities, labels) where isPositive {
      for (q, other) in zip(probabilities, labels) where !other { wins += p > q ? 1 : p == q ? 0.5 : 0 }
    }
    return wins / Double(labels.count { $0 } * labels.count { !$0 })
  }
}

func perceptron(
  _ hidden: [Int] = [8], alpha: Double = 1, epochs: Int = 60, components: PipelineSpecification.Components? = .count(8)
) -> PipelineSpecification {
  var settings = MLPSettings()
  settings.hidden = hidden
  settings.alpha = alpha
  settings.learningRate = 0.01
  settings.maxIterations = epochs
  return PipelineSpecification(components: components, classifier: .mlp(settings))
}

func logistic(_ c: Double = 1, components: PipelineSpecification.Components? = .count(8)) -> PipelineSpecification {
  var settings = LogisticRegressionSettings()
  settings.c = c
  return PipelineSpecification(components: components, classifier: .logisticRegression(settings))
}

func forest(_ trees: Int = 50) -> PipelineSpecification {
  var settings = RandomForestSettings()
  settings.trees = trees
  return PipelineSpecification(components: .count(8), classifier: .randomForest(settings))
}
