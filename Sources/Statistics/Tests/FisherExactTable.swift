internal import Glibc
internal import Random

/// Fisher's exact test of a table of any size (Freeman and Halton 1951).
///
/// Exact by the idea of Mehta and Patel's network: the columns are filled one after the other; partial tables with the
/// same remaining margins and the same probability are one node with a count; a node is settled as a whole where all or
/// none of its completions are as improbable as the table. Tables whose network grows too large get a Monte Carlo
/// estimate from a fixed seed, which the result states.
package struct FisherExactTable: Sendable, Equatable {
  package let pValue: Double
  /// Resamples of the Monte Carlo estimate; nil where the value is exact.
  package let resamples: Int?

  /// Limit of ways to fill a column, over all nodes of the network.
  static let stepLimit = 2_000_000
  static let monteCarloResamples = 20_000

  /// - Parameters:
  ///   - table: counts, one row per group; rows and columns without cases are dropped.
  ///   - seed: of the Monte Carlo estimate, if one is needed.
  /// - Throws: `NotEstimable` where fewer than two rows or columns have cases.
  package init(_ table: [[Int]], seed: UInt64 = 1) throws(NotEstimable) {
    var rows = table.filter { $0.contains { $0 > 0 } }
    let kept = (rows.first ?? []).indices.filter { j in rows.contains { $0[j] > 0 } }
    rows = rows.map { row in kept.map { row[$0] } }
    guard rows.count > 1, kept.count > 1 else { throw NotEstimable("the table has one row or column only") }
    // The margins of the shorter side are carried along.
    if rows.count > kept.count { rows = kept.indices.map { j in rows.map { $0[j] } } }
    let margins = rows.map { $0.reduce(0, +) }
    let columns = rows[0].indices.map { j in rows.reduce(0) { $0 + $1[j] } }.sorted(by: >)
    let observed = rows.joined().reduce(0.0) { $0 - logFactorial($1) }

    var network = Network(columns: columns, rows: margins, steps: Self.stepLimit)
    if let p = network.probability(atMost: observed + log(FisherExact.tolerance)) {
      pValue = min(1, p)
      resamples = nil
    } else {
      pValue = Self.monteCarlo(margins: margins, columns: columns, observed: observed, seed: seed)
      resamples = Self.monteCarloResamples
    }
  }

  /// (1 + number of tables no more probable) / (1 + resamples), over shuffles of the cases.
  private static func monteCarlo(margins: [Int], columns: [Int], observed: Double, seed: UInt64) -> Double {
    var source = Xoshiro256(seed: seed)
    var labels = columns.enumerated().flatMap { [Int](repeating: $0, count: $1) }
    var extreme = 0
    for _ in 0..<monteCarloResamples {
      source.shuffle(&labels)
      var (sum, first) = (0.0, 0)
      for margin in margins {
        var counts = [Int](repeating: 0, count: columns.count)
        for label in labels[first..<(first + margin)] { counts[label] += 1 }
        for count in counts { sum -= logFactorial(count) }
        first += margin
      }
      if sum <= observed + 1e-7 { extreme += 1 }
    }
    return Double(1 + extreme) / Double(1 + monteCarloResamples)
  }
}

/// Column by column. The weight of a table is Π 1/xᵢⱼ!, kept as its logarithm; a node is the remaining row margins,
/// sorted, because permuted rows have the same completions.
private struct Network {
  let columns: [Int]
  let rows: [Int]
  /// Steps left within the limit.
  private var steps: Int
  private var bounds: [Key: (low: Double, high: Double)] = [:]

  struct Key: Hashable {
    var column: Int
    var margins: [Int]
  }

  struct Past: Hashable {
    var margins: [Int]
    /// The logarithm in units of 1e-9: equal products differ by rounding only.
    var weight: Int
  }

  init(columns: [Int], rows: [Int], steps: Int) {
    self.columns = columns
    self.rows = rows
    self.steps = steps
  }

  /// Whether a column can be filled within the limit; its steps are then used up.
  private mutating func affords(_ margins: [Int], _ count: Int) -> Bool {
    var ways = 1
    // The last row takes the rest of the others.
    for margin in margins.dropLast() {
      ways *= min(margin, count) + 1
      if ways > steps { return false }
    }
    steps -= ways
    return true
  }

  /// Probability of the tables with a log weight of at most `limit`; nil where the network is too large.
  mutating func probability(atMost limit: Double) -> Double? {
    let total = rows.reduce(0, +)
    // Σ over all tables of Π 1/xᵢⱼ! is N! / (Π rᵢ! Π cⱼ!).
    func logTotal(_ margins: [Int], from column: Int) -> Double {
      let left = margins.reduce(0, +)
      return logFactorial(left) - margins.reduce(0) { $0 + logFactorial($1) }
        - columns[column...].reduce(0) { $0 + logFactorial($1) }
    }
    let whole = logTotal(rows, from: 0)
    guard total > 0 else { return nil }
    var nodes: [Past: (count: Double, log: Double)] = [Past(margins: rows.sorted(), weight: 0): (1, 0)]
    var probability = 0.0
    for column in columns.indices {
      var next: [Past: (count: Double, log: Double)] = [:]
      // Sorted, so that the sum has the same bits in every run.
      let ordered = nodes.sorted {
        $0.key.weight == $1.key.weight
          ? $0.key.margins.lexicographicallyPrecedes($1.key.margins) : $0.key.weight < $1.key.weight
      }
      for (past, value) in ordered {
        let (low, high) = bound(Key(column: column, margins: past.margins))
        guard low.isFinite else { return nil }
        if value.log + high <= limit {
          probability += value.count * exp(value.log + logTotal(past.margins, from: column) - whole)
        } else if value.log + low <= limit {
          guard affords(past.margins, columns[column]) else { return nil }
          Self.fill(past.margins, columns[column]) { margins, weight in
            let log = value.log + weight
            let key = Past(margins: margins.sorted(), weight: Int((log * 1e9).rounded()))
            next[key] = (value.count + (next[key]?.count ?? 0), next[key]?.log ?? log)
          }
        }
      }
      nodes = next
    }
    // The remaining nodes have all columns filled.
    for (_, value) in nodes.sorted(by: { $0.key.weight < $1.key.weight }) where value.log <= limit {
      probability += value.count * exp(value.log - whole)
    }
    return probability
  }

  /// Smallest and largest log weight of the columns from here on; NaN where the network is too large.
  private mutating func bound(_ key: Key) -> (low: Double, high: Double) {
    if key.column == columns.count { return (0, 0) }
    if let known = bounds[key] { return known }
    guard affords(key.margins, columns[key.column]) else { return (.nan, .nan) }
    var ways: [(margins: [Int], weight: Double)] = []
    Self.fill(key.margins, columns[key.column]) { margins, weight in ways.append((margins.sorted(), weight)) }
    var (low, high) = (Double.infinity, -Double.infinity)
    for step in ways {
      let rest = bound(Key(column: key.column + 1, margins: step.margins))
      guard rest.low.isFinite else { return (.nan, .nan) }
      low = min(low, step.weight + rest.low)
      high = max(high, step.weight + rest.high)
    }
    bounds[key] = (low, high)
    return (low, high)
  }

  /// Every way to take `count` cases from the margins: the rest, and Σ -ln x!.
  private static func fill(_ margins: [Int], _ count: Int, _ body: ([Int], Double) -> Void) {
    var left = margins
    func place(_ row: Int, _ rest: Int, _ weight: Double, _ roomAfter: Int) {
      if row == margins.count - 1 {
        left[row] = margins[row] - rest
        body(left, weight - logFactorial(rest))
        return
      }
      for x in max(0, rest - roomAfter)...min(margins[row], rest) {
        left[row] = margins[row] - x
        place(row + 1, rest - x, weight - logFactorial(x), roomAfter - margins[row + 1])
      }
    }
    place(0, count, 0, margins.dropFirst().reduce(0, +))
  }
}
