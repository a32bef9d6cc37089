internal import Glibc

/// Fisher's exact test of a 2 x 2 table, two-sided, as R's `fisher.test`.
public struct FisherExact: Sendable, Equatable {
  /// Sum of the probabilities of all tables with these margins that are no more probable than this one.
  public let pValue: Double
  /// The conditional maximum likelihood estimate, as R gives it (scipy gives the sample's ad/bc); 0 or infinite where a
  /// cell forces it.
  public let oddsRatio: Double

  /// Tables are as probable where they differ by less than this share (R's `relErr`).
  static let tolerance = 1 + 1e-7

  /// - Parameter table: `[[a, b], [c, d]]`, counts of 0 or more.
  /// - Throws: `NotEstimable` where a row or column is empty.
  public init(_ table: [[Int]]) throws(NotEstimable) {
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
    oddsRatio = Self.conditionalOddsRatio(a, low: low, high: high, logs: logs)
  }

  /// The odds ratio under which the noncentral hypergeometric distribution has the mean `a`.
  private static func conditionalOddsRatio(_ a: Int, low: Int, high: Int, logs: [Double]) -> Double {
    if low == high { return 1 }
    if a == low { return 0 }
    if a == high { return .infinity }
    func mean(_ logOdds: Double) -> Double {
      let terms = logs.indices.map { logs[$0] + Double(low + $0) * logOdds }
      let top = terms.max()!
      var (weight, sum) = (0.0, 0.0)
      for (i, term) in terms.enumerated() {
        let w = exp(term - top)
        weight += w
        sum += w * Double(low + i)
      }
      return sum / weight
    }
    var (below, above) = (-700.0, 700.0)
    for _ in 0..<200 {
      let middle = (below + above) / 2
      if mean(middle) < Double(a) { below = middle } else { above = middle }
    }
    return exp((below + above) / 2)
  }
}
