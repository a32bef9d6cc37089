/// The receiver operating characteristic: one point for each threshold at which calls change, from (0, 0) to (1, 1).
package struct ROCCurve: Sendable, Equatable {
  package struct Point: Sendable, Equatable {
    /// Cases with at least this score are called positive; infinite at the first point.
    package var threshold: Double
    /// 1 - specificity.
    package var falsePositiveRate: Double
    /// Sensitivity.
    package var truePositiveRate: Double
  }

  package let points: [Point]
  /// Counts behind the points: true and false positives at each threshold.
  let counts: [(truePositives: Int, falsePositives: Int)]
  let positives: Int
  let negatives: Int

  package init(_ cases: BinaryScores) {
    let order = cases.scores.indices.sorted { cases.scores[$0] > cases.scores[$1] }
    positives = cases.positives.count
    negatives = cases.negatives.count
    var counts: [(truePositives: Int, falsePositives: Int)] = [(0, 0)]
    var thresholds = [Double.infinity]
    var (tp, fp) = (0, 0)
    for (place, index) in order.enumerated() {
      if cases.labels[index] { tp += 1 } else { fp += 1 }
      // Cases with equal scores change their calls together.
      if place + 1 < order.count, cases.scores[order[place + 1]] == cases.scores[index] { continue }
      counts.append((tp, fp))
      thresholds.append(cases.scores[index])
    }
    self.counts = counts
    let (m, n) = (Double(positives), Double(negatives))
    points = zip(counts, thresholds).map {
      Point(
        threshold: $1, falsePositiveRate: Double($0.falsePositives) / n, truePositiveRate: Double($0.truePositives) / m)
    }
  }

  package static func == (a: ROCCurve, b: ROCCurve) -> Bool { a.points == b.points }

  /// The point with the largest sensitivity + specificity - 1 (Youden); the highest threshold of equals.
  package var youden: Point {
    points.dropFirst().reduce(points[0]) { best, point in
      point.truePositiveRate - point.falsePositiveRate > best.truePositiveRate - best.falsePositiveRate ? point : best
    }
  }

  /// Sensitivity at a false positive rate, along the curve's straight pieces (the upper end of a vertical one).
  package func truePositiveRate(at rate: Double) -> Double {
    var result = 0.0
    for (a, b) in zip(points, points.dropFirst()) {
      if b.falsePositiveRate <= rate {
        result = b.truePositiveRate
      } else if a.falsePositiveRate <= rate {
        let share = (rate - a.falsePositiveRate) / (b.falsePositiveRate - a.falsePositiveRate)
        return a.truePositiveRate + share * (b.truePositiveRate - a.truePositiveRate)
      }
    }
    return result
  }
}

/// Precision against recall, one point per threshold, thresholds descending.
package struct PrecisionRecallCurve: Sendable, Equatable {
  package struct Point: Sendable, Equatable {
    package var threshold: Double
    package var recall: Double
    package var precision: Double
  }

  /// Without the point (0, 1), which belongs to no threshold.
  package let points: [Point]

  package init(_ roc: ROCCurve) {
    points = zip(roc.counts, roc.points).dropFirst().map { count, point in
      Point(
        threshold: point.threshold, recall: point.truePositiveRate,
        precision: Double(count.truePositives) / Double(count.truePositives + count.falsePositives))
    }
  }

  /// Σ (R_n - R_(n-1)) P_n: steps, not trapezia (scikit-learn's `average_precision_score`).
  package var averagePrecision: Double {
    var (sum, recall) = (0.0, 0.0)
    for point in points {
      sum += (point.recall - recall) * point.precision
      recall = point.recall
    }
    return sum
  }
}
