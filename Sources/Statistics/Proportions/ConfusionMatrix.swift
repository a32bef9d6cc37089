/// Calls at one threshold compared with the truth.
package struct ConfusionMatrix: Sendable, Hashable {
  package let truePositives: Int
  package let falsePositives: Int
  package let trueNegatives: Int
  package let falseNegatives: Int

  package init(truePositives: Int, falsePositives: Int, trueNegatives: Int, falseNegatives: Int) {
    self.truePositives = truePositives
    self.falsePositives = falsePositives
    self.trueNegatives = trueNegatives
    self.falseNegatives = falseNegatives
  }

  /// A score of at least the threshold is called positive.
  package init(labels: [Bool], scores: [Double], threshold: Double) {
    precondition(labels.count == scores.count, "one score a label")
    var counts = [0, 0, 0, 0]
    for (label, score) in zip(labels, scores) { counts[(label ? 2 : 0) + (score >= threshold ? 1 : 0)] += 1 }
    self.init(
      truePositives: counts[3], falsePositives: counts[1], trueNegatives: counts[0], falseNegatives: counts[2])
  }

  package var total: Int { truePositives + falsePositives + trueNegatives + falseNegatives }

  /// TP / (TP + FN): the recall.
  package var sensitivity: Estimate<Proportion> { share(truePositives, truePositives + falseNegatives) }
  /// TN / (TN + FP).
  package var specificity: Estimate<Proportion> { share(trueNegatives, trueNegatives + falsePositives) }
  /// TP / (TP + FP): the precision, at the prevalence of these cases.
  package var positivePredictiveValue: Estimate<Proportion> { share(truePositives, truePositives + falsePositives) }
  /// TN / (TN + FN), at the prevalence of these cases.
  package var negativePredictiveValue: Estimate<Proportion> { share(trueNegatives, trueNegatives + falseNegatives) }
  package var accuracy: Estimate<Proportion> { share(truePositives + trueNegatives, total) }

  private func share(_ count: Int, _ total: Int) -> Estimate<Proportion> {
    .of { () throws(NotEstimable) in try Proportion(count, of: total) }
  }

  /// Mean of sensitivity and specificity.
  package func balancedAccuracy() throws(NotEstimable) -> Double {
    try (sensitivity.get().value + specificity.get().value) / 2
  }

  /// Harmonic mean of precision and recall.
  package func f1() throws(NotEstimable) -> Double {
    let all = 2 * truePositives + falsePositives + falseNegatives
    guard all > 0 else { throw NotEstimable("there is no positive case and no positive call") }
    return 2 * Double(truePositives) / Double(all)
  }

  /// Matthews' correlation of calls and truth.
  package func matthewsCorrelation() throws(NotEstimable) -> Double {
    let (tp, fp) = (Double(truePositives), Double(falsePositives))
    let (tn, fn) = (Double(trueNegatives), Double(falseNegatives))
    let product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
    guard product > 0 else { throw NotEstimable("all calls, or all cases, are of one class") }
    return (tp * tn - fp * fn) / product.squareRoot()
  }

  /// Sensitivity / (1 - specificity).
  package func positiveLikelihoodRatio() throws(NotEstimable) -> Double {
    let rest = 1 - (try specificity.get().value)
    guard rest > 0 else { throw NotEstimable("no negative case is called positive") }
    return try sensitivity.get().value / rest
  }

  /// (1 - sensitivity) / specificity.
  package func negativeLikelihoodRatio() throws(NotEstimable) -> Double {
    let rest = try specificity.get().value
    guard rest > 0 else { throw NotEstimable("every negative case is called positive") }
    return (1 - (try sensitivity.get().value)) / rest
  }

  /// Positive and negative predictive value at another prevalence, by Bayes' theorem.
  package func predictiveValues(prevalence: Double) throws(NotEstimable) -> (positive: Double, negative: Double) {
    let (se, sp) = (try sensitivity.get().value, try specificity.get().value)
    let called = se * prevalence + (1 - sp) * (1 - prevalence)
    let cleared = (1 - se) * prevalence + sp * (1 - prevalence)
    guard called > 0, cleared > 0 else { throw NotEstimable("all calls are the same") }
    return (se * prevalence / called, sp * (1 - prevalence) / cleared)
  }
}
