internal import Glibc

/// Fisher's exact test of a 2 x 2 table, two-sided, as in R's `fisher.test`.
package struct FisherExact: Sendable, Equatable {
  /// Sum of the probabilities of all tables with these margins that are at most as probable as this one.
  package let pValue: Double
  /// The conditional maximum likelihood estimate, as in R (scipy gives the sample's ad/bc); 0 or infinite where a
  /// cell forces it.
  package let oddsRatio: Double
  /// The odds ratios that neither tail's exact test rejects at 2.5 %, as in R's `conf.int`; its ends may be 0 and
  /// infinite.
  package let oddsInterval: Interval

  /// Tables count as equally probable where they differ by less than this share (R's `relErr`).
  static let tolerance = 1 + 1e-7

  /// - Parameter table: `[[a, b], [c, d]]`, counts of 0 or more.
  /// - Throws: `NotEstimable` where a row or column is empty.
  package init(_ table: [[Int]]) throws(NotEstimable) {
    precondition(table.count == 2 && table.allSatisfy { $0.count == 2 && $0.allSatisfy { $0 >= 0 } }, "2 x 2 counts")
    let (a, b, c, d) = (table[0][0], table[0][1], table[1][0], table[1][1])
    guard a + b > 0, c + d > 0, a + c > 0, b + d > 0 else {
      throw NotEstimable("a row or column of the table is empty")
    }
    let (row, column, total) = (a + b, a + c, a + b + c + d)
    let (low, high) = (max(0, row + column - total), min(row, column))
    let logs = (low...high).map { x in
      logBinomial(column, x) + logBinomial(total - column, row - x) - logBinomial(total, row)
    }
    let densities = logs.map { exp($0) }
    let all = densities.reduce(0, +)
    let limit = densities[a - low] * Self.tolerance
    pValue = min(1, densities.filter { $0 <= limit }.reduce(0, +) / all)
    let distribution = NoncentralHypergeometric(low: low, logs: logs)
    oddsRatio = Self.conditionalOddsRatio(a, low: low, high: high, distribution)
    let tail = 0.025
    oddsInterval = Interval(
      lower: a == low ? 0 : Self.root { distribution.share($0) { $0 >= a } < tail },
      upper: a == high ? .infinity : Self.root { distribution.share($0) { $0 <= a } > tail }, level: 0.95,
      method: "exact, conditional")
  }

  /// The odds ratio under which the noncentral hypergeometric distribution has the mean `a`.
  private static func conditionalOddsRatio(
    _ a: Int, low: Int, high: Int, _ distribution: NoncentralHypergeometric
  ) -> Double {
    if low == high { return 1 }
    if a == low { return 0 }
    if a == high { return .infinity }
    return root { distribution.mean($0) < Double(a) }
  }

  /// The largest odds ratio for whose logarithm a condition holds.
  private static func root(_ isBelow: (Double) -> Bool) -> Double {
    var (below, above) = (-700.0, 700.0)
    for _ in 0..<200 {
      let middle = (below + above) / 2
      if isBelow(middle) { below = middle } else { above = middle }
    }
    return exp((below + above) / 2)
  }
}

/// The first cell of a 2 x 2 table with fixed margins, under an odds ratio.
private struct NoncentralHypergeometric {
  /// The smallest value.
  let low: Int
  /// Logarithms of the probabilities of `low`, `low + 1`, … where the odds ratio is 1.
  let logs: [Double]

  func mean(_ logOdds: Double) -> Double { average(logOdds) { Double($0) } }

  /// Probability of the values for which a condition holds.
  func share(_ logOdds: Double, _ condition: (Int) -> Bool) -> Double { average(logOdds) { condition($0) ? 1 : 0 } }

  private func average(_ logOdds: Double, _ value: (Int) -> Double) -> Double {
    let terms = logs.indices.map { logs[$0] + Double(low + $0) * logOdds }
    let top = terms.max()!
    var (weight, sum) = (0.0, 0.0)
    for (i, term) in terms.enumerated() {
      let w = exp(term - top)
      weight += w
      sum += w * value(low + i)
    }
    return sum / weight
  }
}
