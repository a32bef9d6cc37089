internal import Glibc
package import Statistics

/// Out-of-fold predictions of the development cases: pooled within a repeat, averaged over the repeats.
package struct CrossValidationEvaluation: Sendable {
  /// AUC of the pooled predictions of each repeat.
  package let aucs: [Double]
  package let meanAUC: Estimate<Double>
  /// Smallest and largest of the repeats: how much the choice of folds matters. It is not a confidence interval.
  package let spread: ClosedRange<Double>?
  /// mean AUC ± z·√(mean of the repeats' DeLong variances), clipped to 0...1: the uncertainty from the cases, given the
  /// models. It ignores that other training cases would have given other models.
  package let interval: Estimate<Interval>
  /// The first repeat, which curves and tables at a threshold show. (Averaging over repeats would show an ensemble that
  /// is not the model.)
  package let first: SetEvaluation
  /// AUCs within the outer folds that contain both classes.
  package let foldAUCs: [Double]

  init?(_ model: ModelResults, labels: [Bool], seed: UInt64) {
    guard let probabilities = model.outOfFold.first else { return nil }
    let repeats = model.outOfFold.map { scores in
      Estimate.of { () throws(NotEstimable) in try DeLong(try BinaryScores(labels: labels, scores: scores)) }
    }
    let sound = repeats.compactMap(\.value)
    let values = sound.map(\.auc)
    aucs = values
    let n = Double(sound.count)
    let mean = values.reduce(0, +) / max(1, n)
    let failure = repeats.lazy.compactMap(\.reason).first
    meanAUC = .of { () throws(NotEstimable) in
      if let failure { throw NotEstimable(failure) }
      return mean
    }
    spread = values.min().map { $0...values.max()! }
    let variance = sound.reduce(0) { $0 + $1.variance } / max(1, n)
    interval = .of { () throws(NotEstimable) in
      if let failure { throw NotEstimable(failure) }
      guard variance > 0 else { throw NotEstimable("DeLong's variance is zero") }
      let half = Normal.critical(level: 0.95) * variance.squareRoot()
      return Interval(
        lower: max(0, mean - half), upper: min(1, mean + half), level: 0.95, method: "DeLong, mean of repeats")
    }
    first = SetEvaluation(labels: labels, probabilities: probabilities, threshold: model.threshold, seed: seed)
    foldAUCs = model.folds.compactMap(\.auc)
  }
}
