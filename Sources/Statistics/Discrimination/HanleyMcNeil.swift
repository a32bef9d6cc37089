/// The standard error of an AUC from the AUC and the numbers of cases alone (Hanley and McNeil 1982): for planning, and
/// to state how wide an interval a sample of that size allows.
package struct HanleyMcNeil: Sendable, Equatable {
  package let auc: Double
  package let standardError: Double

  /// - Throws: `NotEstimable` where the AUC is not in 0...1 or a class is empty.
  package init(auc: Double, positives: Int, negatives: Int) throws(NotEstimable) {
    guard (0...1).contains(auc), positives > 0, negatives > 0 else {
      throw NotEstimable("an AUC of 0...1 and a case of each class are needed")
    }
    let (m, n) = (Double(positives), Double(negatives))
    let q1 = auc / (2 - auc)
    let q2 = 2 * auc * auc / (1 + auc)
    self.auc = auc
    standardError =
      max(0, (auc * (1 - auc) + (m - 1) * (q1 - auc * auc) + (n - 1) * (q2 - auc * auc)) / (m * n)).squareRoot()
  }

  /// Clipped to 0...1.
  package func interval(level: Double = 0.95) -> Interval {
    let half = Normal.critical(level: level) * standardError
    return Interval(lower: max(0, auc - half), upper: min(1, auc + half), level: level, method: "Hanley-McNeil")
  }

  /// The smallest total number of cases at which the interval is no wider than `width`, at the given prevalence.
  ///
  /// - Throws: `NotEstimable` where a million cases are not sufficient, or the arguments are out of range.
  package static func cases(
    auc: Double, prevalence: Double, width: Double, level: Double = 0.95
  ) throws(NotEstimable) -> Int {
    guard prevalence > 0, prevalence < 1, width > 0 else { throw NotEstimable("a width and a prevalence are needed") }
    let z = Normal.critical(level: level)
    func fits(_ n: Int) throws(NotEstimable) -> Bool {
      let positives = max(1, Int((Double(n) * prevalence).rounded()))
      let error = try HanleyMcNeil(auc: auc, positives: positives, negatives: max(1, n - positives)).standardError
      return 2 * z * error <= width
    }
    var (low, high) = (2, 4)
    while try !fits(high) {
      low = high
      high *= 2
      guard high < 1_000_000 else { throw NotEstimable("more than a million cases would be needed") }
    }
    while high - low > 1 {
      let middle = (low + high) / 2
      if try fits(middle) { high = middle } else { low = middle }
    }
    return high
  }
}
