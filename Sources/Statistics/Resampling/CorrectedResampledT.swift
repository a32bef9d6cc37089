/// Nadeau and Bengio's corrected resampled t test (2003): differences of two models over the folds of (repeated)
/// cross-validation, whose training sets overlap: the variance is s²(1/J + n_test/n_train), not s²/J.
package struct CorrectedResampledT: Sendable, Equatable {
  package let meanDifference: Double
  package let standardError: Double
  package let t: Double
  package let degreesOfFreedom: Int
  /// Two-sided.
  package let pValue: Double

  /// - Parameters:
  ///   - differences: one per fold and repeat.
  ///   - testCases, trainingCases: of a fold; fractions where the folds differ.
  /// - Throws: `NotEstimable` below two differences, or where they are all equal.
  package init(differences: [Double], testCases: Double, trainingCases: Double) throws(NotEstimable) {
    let (mean, deviation) = meanAndDeviation(differences)
    guard let deviation, trainingCases > 0 else { throw NotEstimable("two differences are needed") }
    guard deviation > 0 else { throw NotEstimable("all differences are the same") }
    meanDifference = mean
    standardError =
      (deviation * deviation * (1 / Double(differences.count) + testCases / trainingCases)).squareRoot()
    t = mean / standardError
    degreesOfFreedom = differences.count - 1
    pValue = StudentT.twoSided(t, df: Double(differences.count - 1))
  }
}
