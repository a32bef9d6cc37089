internal import Glibc

/// How close probabilities are to the outcomes, case by case.
package enum ProbabilityScores {
  /// Brier's score: the mean of (p - y)².
  ///
  /// - Throws: `NotEstimable` where there are no cases.
  package static func brier(labels: [Bool], probabilities: [Double]) throws(NotEstimable) -> Double {
    guard !labels.isEmpty else { throw NotEstimable("there are no cases") }
    return zip(labels, probabilities).reduce(0) { sum, pair in
      let rest = pair.1 - (pair.0 ? 1 : 0)
      return sum + rest * rest
    } / Double(labels.count)
  }

  /// 1 - Brier / (π (1 - π)): 0 where every case gets the prevalence, 1 for perfect probabilities.
  ///
  /// - Throws: `NotEstimable` for one class.
  package static func scaledBrier(labels: [Bool], probabilities: [Double]) throws(NotEstimable) -> Double {
    let score = try brier(labels: labels, probabilities: probabilities)
    let share = Double(labels.count { $0 }) / Double(labels.count)
    guard share > 0, share < 1 else { throw NotEstimable("there is one class only") }
    return 1 - score / (share * (1 - share))
  }

  /// The mean of -ln(probability of the outcome); probabilities are kept 1e-15 away from 0 and 1.
  package static func logLoss(labels: [Bool], probabilities: [Double]) throws(NotEstimable) -> Double {
    guard !labels.isEmpty else { throw NotEstimable("there are no cases") }
    return zip(labels, probabilities).reduce(0) { sum, pair in
      let p = min(max(pair.1, 1e-15), 1 - 1e-15)
      return sum - (pair.0 ? log(p) : log1p(-p))
    } / Double(labels.count)
  }
}
