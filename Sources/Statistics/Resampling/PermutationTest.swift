/// A statistic compared with its values under permuted labels.
package struct PermutationTest: Sendable, Equatable {
  package let observed: Double
  /// One value per permutation; the labels were permuted before the whole pipeline.
  package let permuted: [Double]
  /// (1 + number of permuted values that reach the observed one) / (1 + permutations).
  package let pValue: Double

  /// - Throws: `NotEstimable` without permutations or with a value that is not finite.
  package init(observed: Double, permuted: [Double]) throws(NotEstimable) {
    guard !permuted.isEmpty else { throw NotEstimable("no permutation was computed") }
    guard observed.isFinite, permuted.allSatisfy(\.isFinite) else { throw NotEstimable("a permutation has no value") }
    self.observed = observed
    self.permuted = permuted
    pValue = Double(1 + permuted.count { $0 >= observed }) / Double(1 + permuted.count)
  }

  /// The smallest p that this number of permutations can give.
  package var resolution: Double { 1 / Double(1 + permuted.count) }
}
