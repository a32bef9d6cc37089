/// Pearson's chi-squared test of independence, as in R's `chisq.test`.
package struct PearsonChiSquared: Sendable, Equatable {
  package let statistic: Double
  package let degreesOfFreedom: Int
  package let pValue: Double
  /// Smallest expected count: below 5 the test is doubtful, and Fisher's should be used.
  package let smallestExpected: Double
  /// Whether Yates' continuity correction was applied.
  package let isCorrected: Bool

  /// - Parameters:
  ///   - table: counts, one row per group; rows and columns without cases are dropped.
  ///   - yates: correct a 2 x 2 table (by at most |observed - expected|). R's `chisq.test` does so unless it is called
  ///     with `correct = FALSE`; gtsummary and papers that use it do not.
  /// - Throws: `NotEstimable` where fewer than two rows or columns have cases.
  package init(_ table: [[Int]], yates: Bool = false) throws(NotEstimable) {
    var rows = table.filter { $0.contains { $0 > 0 } }
    let kept = (rows.first ?? []).indices.filter { j in rows.contains { $0[j] > 0 } }
    rows = rows.map { row in kept.map { row[$0] } }
    guard rows.count > 1, kept.count > 1 else { throw NotEstimable("the table has one row or column only") }
    let rowSums = rows.map { Double($0.reduce(0, +)) }
    let columnSums = rows[0].indices.map { j in Double(rows.reduce(0) { $0 + $1[j] }) }
    let total = rowSums.reduce(0, +)
    isCorrected = yates && rows.count == 2 && kept.count == 2
    var (sum, least) = (0.0, Double.infinity)
    for (i, row) in rows.enumerated() {
      for (j, count) in row.enumerated() {
        let expected = rowSums[i] * columnSums[j] / total
        let distance = abs(Double(count) - expected)
        let rest = distance - (isCorrected ? min(0.5, distance) : 0)
        sum += rest * rest / expected
        least = min(least, expected)
      }
    }
    statistic = sum
    smallestExpected = least
    degreesOfFreedom = (rows.count - 1) * (kept.count - 1)
    pValue = ChiSquared.upper(sum, df: Double(degreesOfFreedom))
  }
}
