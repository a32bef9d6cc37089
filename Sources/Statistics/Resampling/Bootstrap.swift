internal import Random

/// Resamples of the cases within each class (as in pROC), from a fixed seed.
package struct StratifiedBootstrap: Sendable, Equatable {
  package static let defaultResamples = 2000

  /// AUC of each resample.
  package let aucs: [Double]
  /// Of the ROC curve at `rates`: sensitivity's lower and upper percentile.
  package let band: [(rate: Double, lower: Double, upper: Double)]
  package let level: Double

  /// - Parameter rates: false positive rates of the wanted band; an empty list gives no band.
  package init(
    _ cases: BinaryScores, resamples: Int = defaultResamples, level: Double = 0.95, rates: [Double] = [],
    seed: UInt64 = 1
  ) {
    precondition(resamples > 0, "resamples are needed")
    var source = Xoshiro256(seed: seed)
    let positives = cases.positives.sorted()
    let negatives = cases.negatives.sorted()
    // Scores become ranks among the distinct scores, and a resample becomes counts per rank: linear work each.
    let distinct = Array(Set(positives + negatives)).sorted()
    func places(_ scores: [Double]) -> [Int] {
      var place = 0
      return scores.map { score in
        while distinct[place] < score { place += 1 }
        return place
      }
    }
    let (positivePlaces, negativePlaces) = (places(positives), places(negatives))
    let (m, n) = (positivePlaces.count, negativePlaces.count)
    var aucs: [Double] = []
    aucs.reserveCapacity(resamples)
    var heights = [[Double]](repeating: [], count: rates.count)
    var up = [Int](repeating: 0, count: distinct.count)
    var across = up
    for _ in 0..<resamples {
      for i in distinct.indices { (up[i], across[i]) = (0, 0) }
      for _ in 0..<m { up[positivePlaces[source.next(below: m)]] += 1 }
      for _ in 0..<n { across[negativePlaces[source.next(below: n)]] += 1 }
      var (below, doubled) = (0, 0)
      for i in distinct.indices {
        doubled += up[i] * (2 * below + across[i])
        below += across[i]
      }
      aucs.append(Double(doubled) / (2 * Double(m) * Double(n)))
      if !rates.isEmpty {
        for (i, height) in Self.heights(up, across, m, n, rates).enumerated() { heights[i].append(height) }
      }
    }
    self.aucs = aucs
    self.level = level
    band = zip(rates, heights).map { rate, heights in
      let sorted = heights.sorted()
      return (rate, quantile(sorted: sorted, (1 - level) / 2), quantile(sorted: sorted, (1 + level) / 2))
    }
  }

  /// Sensitivity at ascending false positive rates, along straight pieces.
  private static func heights(_ up: [Int], _ across: [Int], _ m: Int, _ n: Int, _ rates: [Double]) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(rates.count)
    var place = up.count - 1
    var (tp, fp) = (0, 0)
    for rate in rates {
      while place >= 0, Double(fp + across[place]) <= rate * Double(n) + 1e-9 {
        tp += up[place]
        fp += across[place]
        place -= 1
      }
      guard place >= 0, across[place] > 0 else {
        result.append(Double(tp) / Double(m))
        continue
      }
      let share = (rate * Double(n) - Double(fp)) / Double(across[place])
      result.append((Double(tp) + max(0, share) * Double(up[place])) / Double(m))
    }
    return result
  }

  /// The percentile interval of the AUC, quantiles of type 7.
  ///
  /// - Throws: `NotEstimable` where all resamples give the same AUC: an interval of no width would claim certainty.
  package func interval() throws(NotEstimable) -> Interval {
    let sorted = aucs.sorted()
    guard sorted.first! < sorted.last! else { throw NotEstimable("every resample has the same AUC") }
    return Interval(
      lower: quantile(sorted: sorted, (1 - level) / 2), upper: quantile(sorted: sorted, (1 + level) / 2), level: level,
      method: "stratified bootstrap, \(aucs.count) resamples, percentiles")
  }

  package static func == (a: Self, b: Self) -> Bool {
    a.aucs == b.aucs && a.level == b.level && a.band.elementsEqual(b.band, by: ==)
  }
}
