public import Model
internal import Statistics

/// The latest cases of a model beside the cases it was trained on: have the patients, the scanners or the habits changed?
///
/// A reference sample of the cohort's size is read off the quantiles in `cohort.json` (predictions of models that did not
/// see the case). With few cases none of these numbers says much, and the report says so.
public struct DriftReport: Sendable {
  /// One quantity beside its reference.
  public struct Comparison: Sendable {
    /// `score`, or `component 1` and so on.
    public var name: String
    /// nil with the reason where it is not estimable.
    public var stability: Double?
    /// Mean of the index that samples of these sizes show between equal distributions: (bins - 1)(1/n + 1/m).
    public var stabilityByChance: Double
    public var distance: Double?
    public var pValue: Double?
    public var reason: String?
  }

  public let cases: Int
  public let cohortCases: Int
  public let comparisons: [Comparison]
  /// Cases beyond the 99 % limit of T² or residual; 1 in 100 is due.
  public let flagged: Int
  /// Features outside their training range, mean a case; and the features that most cases break.
  public let meanOutsideRange: Double
  public let oftenOutside: [(feature: String, cases: Int)]
  /// What limits the report, a sentence each.
  public let remarks: [String]

  /// Below this many cases nothing can be concluded.
  public static let fewest = 30
  static let bins = 10

  /// - Parameters:
  ///   - cases: features by name, of cases that this bundle's profile was used for.
  ///   - unreadable: cases whose features are not there any more.
  public init(_ bundle: ModelBundle, cases features: [[String: Double]], unreadable: Int) {
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
      remarks.append("\(comparisons.count) tests are made: one p below 0.05 among them is no surprise")
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

  /// The quantile function, straight between the levels.
  private static func at(_ share: Double, _ levels: [Double], _ quantiles: [Double]) -> Double {
    let upper = levels.firstIndex { $0 >= share } ?? levels.count - 1
    guard upper > 0 else { return quantiles[0] }
    let part = (share - levels[upper - 1]) / (levels[upper] - levels[upper - 1])
    return quantiles[upper - 1] + part * (quantiles[upper] - quantiles[upper - 1])
  }
}
