internal import Glibc
internal import Parallel

/// The choice among candidates by cross-validation within the training rows.
package struct Selection: Sendable, Equatable {
  package var chosen: PipelineSpecification
  package var chosenIndex: Int
  /// Mean log loss of each candidate over the inner folds' cases; empty where there was only one.
  package var losses: [Double]

  /// The candidate with the smallest log loss, the first of equals.
  ///
  /// - Parameters:
  ///   - rows: the training rows; no others are read.
  ///   - plan: its `innerFolds` and `innerRepeats` are used (fewer folds where a class has fewer patients).
  package static func among(
    _ candidates: [PipelineSpecification], _ matrix: FeatureMatrix, labels: [Bool], groups: [String], rows: [Int],
    plan: ResamplingPlan, threads: Int = 1,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> Selection {
    precondition(!candidates.isEmpty, "a choice needs a candidate")
    guard candidates.count > 1 else { return Selection(chosen: candidates[0], chosenIndex: 0, losses: []) }
    let innerLabels = rows.map { labels[$0] }
    let innerGroups = rows.map { groups[$0] }
    let folds = Splits.feasibleFolds(labels: innerLabels, groups: innerGroups, atMost: plan.innerFolds)
    let splits = try Splits.repeatedKFold(
      labels: innerLabels, groups: innerGroups, folds: folds, repeats: plan.innerRepeats, seed: plan.seed
    ).flatMap { $0 }
    let perFold = try Parallel.map(splits.count, threads: threads, progress: progress) { index in
      try losses(
        candidates, matrix, labels: labels, groups: groups, training: splits[index].training.map { rows[$0] },
        test: splits[index].test.map { rows[$0] })
    }
    let cases = Double(splits.reduce(0) { $0 + $1.test.count })
    let means = candidates.indices.map { c in perFold.reduce(0) { $0 + $1[c] } / cases }
    var best = 0
    for c in means.indices where means[c] < means[best] - 1e-12 { best = c }
    return Selection(chosen: candidates[best], chosenIndex: best, losses: means)
  }

  /// Summed log loss of each candidate on the test rows of one split.
  private static func losses(
    _ candidates: [PipelineSpecification], _ matrix: FeatureMatrix, labels: [Bool], groups: [String],
    training: [Int], test: [Int]
  ) throws -> [Double] {
    let held = matrix.rows(test)
    var fits: [Preprocessing.Key: Preprocessing] = [:]
    return try candidates.map { candidate in
      let key = Preprocessing.Key(candidate)
      let preprocessing = try fits[key] ?? Preprocessing(key, matrix, rows: training)
      fits[key] = preprocessing
      let fitted = try PipelineFitter.fit(
        candidate, preprocessing, matrix, labels: labels, groups: groups, rows: training)
      return zip(fitted.probabilities(held), test).reduce(0) { $0 + logLoss($1.0, labels[$1.1]) }
    }
  }

  /// -log of the probability given to the true class, which is kept at least a machine epsilon above zero.
  static func logLoss(_ probability: Double, _ label: Bool) -> Double {
    let p = min(max(probability, Double.ulpOfOne), 1 - Double.ulpOfOne)
    return label ? -log(p) : -log1p(-p)
  }
}
