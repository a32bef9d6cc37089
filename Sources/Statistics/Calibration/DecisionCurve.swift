/// Net benefit of acting on a model, compared with acting on all cases and on none (Vickers and Elkin 2006).
package struct DecisionCurve: Sendable, Equatable {
  package struct Point: Sendable, Equatable {
    /// The probability from which one would act: the cost of a false positive in true positives is t / (1 - t).
    package var threshold: Double
    package var model: Double
    package var treatAll: Double
  }

  package let points: [Point]

  /// - Parameter thresholds: within (0, 1).
  /// - Throws: `NotEstimable` where there are no cases.
  package init(labels: [Bool], probabilities: [Double], thresholds: [Double]) throws(NotEstimable) {
    guard !labels.isEmpty else { throw NotEstimable("there are no cases") }
    let share = Double(labels.count { $0 }) / Double(labels.count)
    points = thresholds.map { t in
      Point(
        threshold: t, model: Self.netBenefit(labels: labels, probabilities: probabilities, threshold: t),
        treatAll: share - (1 - share) * t / (1 - t))
    }
  }

  /// TP/n - FP/n · t/(1 - t).
  package static func netBenefit(labels: [Bool], probabilities: [Double], threshold t: Double) -> Double {
    let calls = ConfusionMatrix(labels: labels, scores: probabilities, threshold: t)
    let n = Double(labels.count)
    return Double(calls.truePositives) / n - Double(calls.falsePositives) / n * t / (1 - t)
  }
}
