/// Wilcoxon's rank-sum test of two independent samples (Mann and Whitney), as R's `wilcox.test` by default.
package struct WilcoxonRankSum: Sendable, Equatable {
  /// Pairs in which the first sample's value is the larger, ties counting one half: R's W.
  package let statistic: Double
  /// Two-sided.
  package let pValue: Double
  /// Exact below 50 cases in each sample without ties; otherwise normal, with tie and continuity correction.
  package let isExact: Bool

  /// - Parameter exact: nil for R's rule; `true` needs samples without ties.
  /// - Throws: `NotEstimable` where a sample is empty, or all values are equal.
  package init(
    _ a: [Double], _ b: [Double], exact: Bool? = nil, continuityCorrection: Bool = true
  ) throws(NotEstimable) {
    guard !a.isEmpty, !b.isEmpty else { throw NotEstimable("a group is empty") }
    let (m, n) = (a.count, b.count)
    let ranks = midranks(a + b)
    let w = ranks[..<m].reduce(0, +) - Double(m) * Double(m + 1) / 2
    let ties = tieSizes(a + b)
    statistic = w
    isExact = (exact ?? (m < 50 && n < 50)) && ties.isEmpty
    if isExact {
      pValue = Self.exact(w, m, n)
      return
    }
    let (x, y) = (Double(m), Double(n))
    let tied = ties.reduce(0.0) { $0 + Double($1) * Double($1) * Double($1) - Double($1) }
    let variance = x * y / 12 * ((x + y + 1) - tied / ((x + y) * (x + y - 1)))
    guard variance > 0 else { throw NotEstimable("all values are the same") }
    let distance = w - x * y / 2
    let correction = continuityCorrection ? (distance == 0 ? 0 : distance > 0 ? 0.5 : -0.5) : 0
    pValue = Normal.twoSided((distance - correction) / variance.squareRoot())
  }

  /// Twice the smaller tail of the number of ways to reach W.
  private static func exact(_ w: Double, _ m: Int, _ n: Int) -> Double {
    // ways[s] of the values placed so far: the number of subsets of the ranks by their sum.
    let top = m * n
    var ways = [[Double]](repeating: [Double](repeating: 0, count: top + 1), count: m + 1)
    ways[0][0] = 1
    // The ranks of the first sample exceed their smallest possible values by 0...n, ascending: partitions of W into at
    // most m parts of at most n, counted by the Gaussian binomial's recurrence over all m + n positions.
    for position in 1...(m + n) {
      for chosen in stride(from: min(position, m), through: 1, by: -1) {
        let shift = position - chosen
        guard shift <= n else { continue }
        for s in stride(from: top, through: shift, by: -1) { ways[chosen][s] += ways[chosen - 1][s - shift] }
      }
    }
    let counts = ways[m]
    let all = counts.reduce(0, +)
    let place = Int(w)
    let below = counts[...place].reduce(0, +) / all
    let above = counts[place...].reduce(0, +) / all
    return min(1, 2 * min(below, above))
  }
}
