internal import Glibc

/// The area under the ROC curve with DeLong's variance (DeLong et al. 1988), by ranks (Sun and Xu 2014).
package struct DeLong: Sendable, Equatable {
  package let auc: Double
  /// s²(V10)/m + s²(V01)/n; zero where the classes are perfectly separated.
  package let variance: Double
  /// The proportion of negatives below each positive, and of positives above each negative.
  let positivePlacements: [Double]
  let negativePlacements: [Double]

  /// - Throws: `NotEstimable` below two cases of each class.
  package init(_ cases: BinaryScores) throws(NotEstimable) {
    let (m, n) = (cases.positives.count, cases.negatives.count)
    guard m >= 2, n >= 2 else { throw NotEstimable("DeLong's variance needs two cases of each class") }
    let all = midranks(cases.positives + cases.negatives)
    let (ofPositives, ofNegatives) = (midranks(cases.positives), midranks(cases.negatives))
    auc = cases.auc
    positivePlacements = (0..<m).map { (all[$0] - ofPositives[$0]) / Double(n) }
    negativePlacements = (0..<n).map { 1 - (all[m + $0] - ofNegatives[$0]) / Double(m) }
    variance =
      Self.covariance(positivePlacements, positivePlacements) / Double(m)
      + Self.covariance(negativePlacements, negativePlacements) / Double(n)
  }

  static func covariance(_ a: [Double], _ b: [Double]) -> Double {
    let n = Double(a.count)
    let (meanA, meanB) = (a.reduce(0, +) / n, b.reduce(0, +) / n)
    return zip(a, b).reduce(0) { $0 + ($1.0 - meanA) * ($1.1 - meanB) } / (n - 1)
  }

  /// AUC ± z·√variance, clipped to 0...1 as in pROC.
  ///
  /// - Throws: `NotEstimable` where the variance is zero: an interval of no width would claim certainty.
  package func interval(level: Double = 0.95) throws(NotEstimable) -> Interval {
    try requireVariance()
    let half = Normal.critical(level: level) * variance.squareRoot()
    return Interval(lower: max(0, auc - half), upper: min(1, auc + half), level: level, method: "DeLong")
  }

  /// The same on the scale of ln(A / (1 - A)), which stays within 0...1 by itself: better for small samples.
  package func logitInterval(level: Double = 0.95) throws(NotEstimable) -> Interval {
    try requireVariance()
    guard auc > 0, auc < 1 else { throw NotEstimable("the AUC is \(auc == 1 ? 1 : 0): its logit is infinite") }
    let half = Normal.critical(level: level) * variance.squareRoot() / (auc * (1 - auc))
    let centre = log(auc / (1 - auc))
    return Interval(
      lower: 1 / (1 + exp(half - centre)), upper: 1 / (1 + exp(-half - centre)), level: level, method: "DeLong, logit")
  }

  private func requireVariance() throws(NotEstimable) {
    guard variance > 0 else {
      throw NotEstimable(
        auc == 1 || auc == 0
          ? "the scores separate the classes perfectly, so DeLong's variance is zero" : "DeLong's variance is zero")
    }
  }
}

/// Two models on the same cases: DeLong's paired test of equal AUCs.
package struct PairedDeLong: Sendable, Equatable {
  /// First minus second AUC.
  package let difference: Double
  package let variance: Double
  package let z: Double
  /// Two-sided.
  package let pValue: Double

  /// - Throws: `NotEstimable` where the cases differ, or the difference has no variance (both separate perfectly, or
  ///   both rank all cases equally).
  package init(_ a: BinaryScores, _ b: BinaryScores) throws(NotEstimable) {
    guard a.labels == b.labels else { throw NotEstimable("the two models were not scored on the same cases") }
    let (x, y) = (try DeLong(a), try DeLong(b))
    difference = x.auc - y.auc
    let (m, n) = (Double(x.positivePlacements.count), Double(x.negativePlacements.count))
    let crossed =
      DeLong.covariance(x.positivePlacements, y.positivePlacements) / m
      + DeLong.covariance(x.negativePlacements, y.negativePlacements) / n
    variance = x.variance + y.variance - 2 * crossed
    guard variance > 1e-15 else { throw NotEstimable("the difference of the AUCs has no variance on these cases") }
    z = difference / variance.squareRoot()
    pValue = Normal.twoSided(z)
  }

  /// The interval of the difference.
  package func interval(level: Double = 0.95) -> Interval {
    let half = Normal.critical(level: level) * variance.squareRoot()
    return Interval(
      lower: max(-1, difference - half), upper: min(1, difference + half), level: level, method: "paired DeLong")
  }
}
