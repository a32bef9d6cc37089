/// A proportion of counted cases, with the intervals that small numbers allow.
package struct Proportion: Sendable, Hashable {
  package let count: Int
  package let total: Int

  /// - Throws: `NotEstimable` where there are no cases.
  package init(_ count: Int, of total: Int) throws(NotEstimable) {
    guard total > 0 else { throw NotEstimable("there are no cases to count") }
    precondition((0...total).contains(count), "a part is at most the whole")
    self.count = count
    self.total = total
  }

  package var value: Double { Double(count) / Double(total) }

  /// Wilson's score interval (1927), without continuity correction.
  package func wilson(level: Double = 0.95) -> Interval {
    let (p, n, z) = (value, Double(total), Normal.critical(level: level))
    let centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    return Interval(
      lower: count == 0 ? 0 : max(0, centre - half), upper: count == total ? 1 : min(1, centre + half), level: level,
      method: "Wilson")
  }

  /// Clopper and Pearson's exact interval (1934): its coverage is never below the nominal level, usually above.
  package func clopperPearson(level: Double = 0.95) -> Interval {
    let (k, n, tail) = (Double(count), Double(total), (1 - level) / 2)
    return Interval(
      lower: count == 0 ? 0 : Beta.quantile(tail, k, n - k + 1),
      upper: count == total ? 1 : Beta.quantile(1 - tail, k + 1, n - k), level: level, method: "Clopper-Pearson")
  }
}
