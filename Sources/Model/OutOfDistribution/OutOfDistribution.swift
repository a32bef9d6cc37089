/// How far a case lies from the model's training cases.
///
/// Two distances with limits from cross-validated training scores: Hotelling's T² within the space of the kept
/// principal components, Σ tⱼ²/λⱼ, and the squared residual outside it, ‖z - V Vᵀ z‖². A case is flagged where either
/// passes the limit that 99 % of training cases keep; single features never flag a case, because among hundreds one is
/// often extreme by chance. Without principal components the residual is ‖z‖², and there is no T².
package struct OutOfDistribution: Sendable, Equatable {
  package struct Distance: Sendable, Equatable {
    package var value: Double
    package var limits: Cohort.Limits
    /// 1 at the 99 % limit.
    package var ratio: Double { value / limits.q99 }
  }

  /// One feature's position in the training cohort.
  package struct Deviation: Sendable, Equatable {
    package var feature: String
    package var value: Double
    /// (value - mean) / sd of the cohort; where the feature was constant in training, 0 for that value and infinite for
    /// any other.
    package var z: Double
    /// Smallest and largest training value.
    package var range: ClosedRange<Double>
    /// Outside the range by more than rounding.
    package var isOutside: Bool {
      let slack = OutOfDistribution.rounding * max(abs(range.lowerBound), abs(range.upperBound))
      return value < range.lowerBound - slack || value > range.upperBound + slack
    }
  }

  /// Hotelling's T²; nil without principal components.
  package var t2: Distance?
  /// Squared prediction error: the part that the kept components do not explain.
  package var spe: Distance
  /// Features outside their training range.
  package var outsideRange: Int
  /// The features with the largest |z|, largest first.
  package var worst: [Deviation]

  /// The larger of the two distances over its 99 % limit; infinite where a distance overflows.
  package var score: Double {
    let ratios = [t2?.ratio ?? 0, spe.ratio]
    return ratios.contains { $0.isNaN } ? .infinity : max(ratios[0], ratios[1])
  }
  /// Whether the score is above 1.
  package var flag: Bool { score > 1 }

  /// Relative difference that two computations of one feature may have because of the order of their sums.
  static let rounding = 1e-9

  /// How many features `worst` names.
  package static let worstCount = 10
}

extension OutOfDistribution {
  init(
    _ values: [Double], _ trace: PipelineArithmetic.Trace, pipeline: PipelineArithmetic, cohort: Cohort,
    names: [String]
  ) {
    if let pca = pipeline.pca, let scores = trace.scores {
      t2 = cohort.t2.flatMap { limits in
        pca.explainedVariance.map { variance in
          Distance(value: zip(scores, variance).reduce(0) { $0 + $1.0 * $1.0 / $1.1 }, limits: limits)
        }
      }
      spe = Distance(value: pca.residual(trace.standardised, scores: scores), limits: cohort.spe)
    } else {
      t2 = nil
      spe = Distance(value: trace.standardised.reduce(0) { $0 + $1 * $1 }, limits: cohort.spe)
    }
    let deviations = values.indices.map { i in
      let range = cohort.features.quantiles[i]
      return Deviation(
        feature: names[i], value: values[i],
        z: Self.z(values[i], mean: cohort.features.mean[i], sd: cohort.features.sd[i]),
        range: range.first!...range.last!)
    }
    outsideRange = deviations.count { $0.isOutside }
    // Equal deviations keep the order of the model's features.
    let order = deviations.indices.sorted { a, b in
      let (za, zb) = (abs(deviations[a].z), abs(deviations[b].z))
      return za == zb ? a < b : za > zb
    }
    worst = order.prefix(Self.worstCount).map { deviations[$0] }
  }

  private static func z(_ value: Double, mean: Double, sd: Double) -> Double {
    if sd == 0 {
      let same = abs(value - mean) <= rounding * max(abs(value), abs(mean))
      return same ? 0 : value < mean ? -.infinity : .infinity
    }
    return (value - mean) / sd
  }
}
