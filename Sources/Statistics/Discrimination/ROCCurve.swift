/// The receiver operating characteristic: one point for each threshold at which calls change, from (0, 0) to (1, 1).
public struct ROCCurve: Sendable, Equatable {
  public struct Point: Sendable, Equatable {
    /// Cases with at least this score are called positive; infinite at the first point.
    public var threshold: Double
    /// 1 - specificity.
    public var falsePositiveRate: Double
    /// Sensitivity.
    public var truePositiveRate: Double
  }

  public let points: [Point]
  /// Counts behind the points: true and false positives at each threshold.
  let counts: [(truePositives: Int, falsePositives: Int)]
  let positives: Int
  let negatives: Int

  public init(_ cases: BinaryScores) {
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

  public static func == (a: ROCCurve, b: ROCCurve) -> Bool { a.points == b.points }

  /// The point with the largest sensitivity + specificity - 1 (Youden); the highest threshold of equals.
  public var youden: Point {
    points.dropFirst().reduce(points[0]) { best, point in
      point.truePositiveRate - point.falsePositiveRate > best.truePositiveRate - best.falsePositiveRate ? point : best
    }
  }

  /// Sensitivity at a false positive rate, along the curve's straight pieces (the upper end of a vertical one).
  public func truePositiveRate(at rate: Double) -> Double {
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
public struct PrecisionRecallCurve: Sendable, Equatable {
  public struct Point: Sendable, Equatable {
    public var threshold: Double
    public var recall: Double
    public var precision: Double
  }

  /// Without the point (0, 1), which belongs to no threshold.
  public let points: [Point]

  public init(_ roc: ROCCurve) {
    points = zip(roc.counts, roc.points).dropFirst().map { count, point in
      Point(
        threshold: point.threshold, recall: point.truePositiveRate,
        precision: Double(count.truePositives) / Double(count.truePositives + count.falsePositives))
    }
  }

  /// Σ (R_n - R_(n-1)) P_n: steps, not trapezia (scikit-learn's `average_precision_score`).
  public var averagePrecision: Double {
    var (sum, recall) = (0.0, 0.0)
    for point in points {
      sum += (point.recall - recall) * point.precision
      recall = point.recall
    }
    return sum
  }
}
