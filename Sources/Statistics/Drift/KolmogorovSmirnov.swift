internal import Glibc

/// The two-sample Kolmogorov-Smirnov test: the largest distance between two empirical distribution functions.
package struct KolmogorovSmirnov: Sendable, Equatable {
  package let statistic: Double
  /// P(D >= statistic) where both samples come from one distribution.
  package let pValue: Double
  /// Whether the probability is exact (given the observed ties), or the limit for large samples.
  package let isExact: Bool

  /// Products of the sample sizes up to which the probability is counted exactly.
  static let exactLimit = 4_000_000

  /// - Throws: `NotEstimable` where a sample is empty or contains a number that is not finite.
  package init(_ a: [Double], _ b: [Double]) throws(NotEstimable) {
    guard !a.isEmpty, !b.isEmpty else { throw NotEstimable("a sample is empty") }
    guard a.allSatisfy(\.isFinite), b.allSatisfy(\.isFinite) else { throw NotEstimable("a sample has missing values") }
    let (x, y) = (a.sorted(), b.sorted())
    let (m, n) = (x.count, y.count)
    // The distance in units of 1 / (m n): exact integers, so that equality is exact.
    var (i, j, largest) = (0, 0, 0)
    /// For each number of pooled values, whether the next one differs: the distance is defined only there.
    var breaks = [Bool](repeating: false, count: m + n + 1)
    while i < m || j < n {
      let value = i < m && (j >= n || x[i] <= y[j]) ? x[i] : y[j]
      while i < m, x[i] == value { i += 1 }
      while j < n, y[j] == value { j += 1 }
      breaks[i + j] = true
      largest = max(largest, abs(i * n - j * m))
    }
    statistic = Double(largest) / (Double(m) * Double(n))
    isExact = m * n <= Self.exactLimit
    pValue =
      isExact
      ? Self.exact(m, n, largest, breaks)
      : Self.limit(statistic * (Double(m) * Double(n) / Double(m + n)).squareRoot())
  }

  /// 1 - the proportion of all orders of the pooled sample whose distance stays below: counted along lattice paths, in
  /// probabilities (as R's `psmirnov`).
  private static func exact(_ m: Int, _ n: Int, _ largest: Int, _ breaks: [Bool]) -> Double {
    if largest == 0 { return 1 }
    func stays(_ i: Int, _ j: Int) -> Bool { !breaks[i + j] || abs(i * n - j * m) < largest }
    // share[j] = probability, given i of the first and j of the second among the first i + j, that no place before was
    // beyond: the last of them is of the first sample with probability i / (i + j).
    var share = [Double](repeating: 0, count: n + 1)
    share[0] = 1
    for j in 1...n { share[j] = stays(0, j) ? share[j - 1] : 0 }
    for i in 1...m {
      share[0] = stays(i, 0) ? share[0] : 0
      for j in 1...n {
        let fromFirst = share[j] * Double(i) / Double(i + j)
        let fromSecond = share[j - 1] * Double(j) / Double(i + j)
        share[j] = stays(i, j) ? fromFirst + fromSecond : 0
      }
    }
    return min(max(1 - share[n], 0), 1)
  }

  /// Kolmogorov's limit 2 Σ (-1)^(k-1) exp(-2 k² x²).
  private static func limit(_ x: Double) -> Double {
    if x < 0.2 { return 1 }
    var sum = 0.0
    for k in 1...100 {
      let term = exp(-2 * Double(k * k) * x * x)
      sum += k % 2 == 1 ? term : -term
      if term < 1e-18 { break }
    }
    return min(max(2 * sum, 0), 1)
  }
}
