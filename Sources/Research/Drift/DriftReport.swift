package import Model
internal import Statistics

/// Compares the latest cases of a model with its training cases: have the patients, the scanners or the habits changed?
///
/// A reference sample of the cohort's size is derived from the quantiles in `cohort.json` (predictions of models that
/// did not see the case). With few cases none of these numbers is conclusive, and the report states it.
package struct DriftReport: Sendable {
  /// One quantity compared with its reference.
  package struct Comparison: Sendable {
    /// `score`, or `component 1` and so on.
    package var name: String
    /// nil with the reason where it is not estimable.
    package var stability: Double?
    /// Mean of the index for samples of these sizes from equal distributions: (bins - 1)(1/n + 1/m).
    package var stabilityByChance: Double
    package var distance: Double?
    package var pValue: Double?
    package var reason: String?
  }

  package let cases: Int
  package let cohortCases: Int
  package let comparisons: [Comparison]
  /// Cases beyond the 99 % limit of T² or residual; 1 in 100 is expected.
  package let flagged: Int
  /// Mean number of features outside their training range per case; and the features that exceed it in most cases.
  package let meanOutsideRange: Double
  package let oftenOutside: [(feature: String, cases: Int)]
  /// Limitations of the report, one sentence each.
  package let remarks: [String]

  /// Below this many cases nothing can be concluded.
  package static let fewest = 30
  static let bins = 10

  /// - Parameters:
  ///   - cases: features by name, of cases that this bundle's profile was used for.
  ///   - unreadable: number of cases whose features no longer exist.
  package init(_ bundle: ModelBundle, cases features: [[String: Double]], unreadable: Int) {
    let assessments = features.map(bundle.assess)
    let probabilities = assessments.compactMap { assessment -> Double? in
      if case .value(let score) = assessment.prediction { score.probability } else { nil }
    }
    let distances = assessments.compactMap(\.outOfDistribution)
    cases = features.count
    cohortCases = bundle.cohort?.n ?? 0
    var comparisons: [Comparison] = []
    if let reference = bundle.cohort?.reference, let cohort = bundle.cohort {
      comparisons.append(Self.compare("score", probabilities, reference.levels, reference.score, cohort.n))
      for (index, quantiles) in (reference.components ?? []).enumerated() {
        let scores = assessments.compactMap { $0.scores.flatMap { $0.indices.contains(index) ? $0[index] : nil } }
        comparisons.append(
          Self.compare("component \(index + 1)", scores, reference.levels, quantiles, cohort.n))
      }
    }
    self.comparisons = comparisons
    flagged = distances.count { $0.flag }
    meanOutsideRange =
      distances.isEmpty ? 0 : Double(distances.reduce(0) { $0 + $1.outsideRange }) / Double(distances.count)
    var counts: [String: Int] = [:]
    if let cohort = bundle.cohort {
      for item in features {
        for (index, name) in bundle.manifest.features.enumerated() {
          guard let value = item[name], value.isFinite else { continue }
          let range = cohort.features.quantiles[index]
          let slack = 1e-9 * max(abs(range.first!), abs(range.last!))
          if value < range.first! - slack || value > range.last! + slack { counts[name, default: 0] += 1 }
        }
      }
    }
    oftenOutside = counts.map { (feature: $0.key, cases: $0.value) }
      .sorted { ($0.cases, $1.feature) > ($1.cases, $0.feature) }.prefix(10).map { $0 }

    var remarks: [String] = []
    if features.count < Self.fewest {
      remarks.append(
        "\(features.count) cases are too few to conclude anything; \(Self.fewest) are the least, and then only large shifts show"
      )
    }
    if probabilities.count < features.count {
      remarks.append("\(features.count - probabilities.count) cases have no probability: features are missing")
    }
    if unreadable > 0 {
      remarks.append("\(unreadable) cases are left out: their features are not in the outbox any more")
    }
    if bundle.cohort == nil {
      remarks.append("the bundle holds no cohort: there is nothing to compare with")
    } else if bundle.cohort?.reference == nil {
      remarks.append("the bundle's cohort holds no reference scores: ranges and distances are compared, scores are not")
    } else if let n = bundle.cohort?.n, n < 100 {
      remarks.append("the cohort itself has only \(n) cases: its distribution is known roughly")
    }
    if comparisons.count > 1 {
      remarks.append("\(comparisons.count) tests are made: one p below 0.05 among them is not surprising")
    }
    self.remarks = remarks
  }

  private static func compare(
    _ name: String, _ values: [Double], _ levels: [Double], _ quantiles: [Double], _ n: Int
  ) -> Comparison {
    let sample = (0..<n).map { at((Double($0) + 0.5) / Double(n), levels, quantiles) }
    let edges = PopulationStability.edges(of: sample, bins: bins)
    var result = Comparison(
      name: name,
      stabilityByChance: values.isEmpty ? 0 : Double(edges.count) * (1 / Double(n) + 1 / Double(values.count)))
    do throws(NotEstimable) {
      result.stability = try PopulationStability.index(reference: sample, new: values, edges: edges)
      let test = try KolmogorovSmirnov(sample, values)
      result.distance = test.statistic
      result.pValue = test.pValue
    } catch {
      result.reason = error.reason
    }
    return result
  }

  /// The quantile function, linear between the levels.
  private static func at(_ share: Double, _ levels: [Double], _ quantiles: [Double]) -> Double {
    let upper = levels.firstIndex { $0 >= share } ?? levels.count - 1
    guard upper > 0 else { return quantiles[0] }
    let part = (share - levels[upper - 1]) / (levels[upper] - levels[upper - 1])
    return quantiles[upper - 1] + part * (quantiles[upper] - quantiles[upper - 1])
  }
}
