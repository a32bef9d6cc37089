internal import Documents
internal import Errors
internal import Radiomics
internal import Statistics

/// Intraclass correlation of each feature over the changes of the masks: a rating is a perturbation, a subject a case.
package struct StabilityReport: Sendable {
  package struct Feature: Sendable {
    package var name: String
    /// ICC(2,1), absolute agreement, with its 95 % interval; nil where it is not estimable.
    package var agreement: Double?
    package var agreementInterval: (lower: Double, upper: Double)?
    /// ICC(3,1), consistency.
    package var consistency: Double?
    package var consistencyInterval: (lower: Double, upper: Double)?
    /// Median over the cases of sd / |mean| over the perturbations; nil where a mean is 0.
    package var variation: Double?
    /// Why there is no correlation.
    package var reason: String?
  }

  package let features: [Feature]
  package let perturbations: [String]
  package let seed: UInt64
  package let profile: String
  /// Cases that were computed under every perturbation.
  package let cases: Int
  /// Cases left out: image, code and message.
  package let leftOut: [(image: String, code: String, message: String)]

  init(_ stability: Stability, _ outcomes: [Stability.Outcome]) {
    perturbations = stability.perturbations.map(\.description)
    seed = stability.seed
    profile = stability.profile.name
    var tables: [[[Double]]] = []
    var names: [String] = []
    var leftOut: [(String, String, String)] = []
    for (item, outcome) in zip(stability.cases, outcomes) {
      switch outcome {
      case .values(let rows, let found):
        names = found
        tables.append(rows)
      case .failed(let error): leftOut.append((item.image, error.code.name, error.message))
      }
    }
    self.leftOut = leftOut
    cases = tables.count
    features = names.enumerated().map { column, name in
      Self.feature(name, tables.map { rows in rows.map { $0[column] } })
    }
  }

  /// - Parameter ratings: one row per case, one number per perturbation.
  static func feature(_ name: String, _ ratings: [[Double]]) -> Feature {
    var feature = Feature(name: name)
    let shares = ratings.compactMap { row -> Double? in
      let (mean, deviation) = meanAndDeviation(row)
      guard let deviation, mean != 0, mean.isFinite, deviation.isFinite else { return nil }
      return deviation / abs(mean)
    }
    if shares.count == ratings.count, !shares.isEmpty { feature.variation = quantile(shares, 0.5) }
    do throws(NotEstimable) {
      let icc = try IntraclassCorrelation(ratings)
      feature.agreement = icc.agreement
      feature.consistency = icc.consistency
      // Without a residual the interval is the number itself.
      if icc.meanSquareError == 0, icc.meanSquareRaters == 0 {
        feature.agreementInterval = (icc.agreement, icc.agreement)
        feature.consistencyInterval = (icc.consistency, icc.consistency)
      } else {
        let agreement = try icc.agreementInterval()
        feature.agreementInterval = (agreement.lower, agreement.upper)
        let consistency = try icc.consistencyInterval()
        feature.consistencyInterval = (consistency.lower, consistency.upper)
      }
    } catch {
      feature.reason = error.reason
    }
    return feature
  }

  /// Features that reach a threshold.
  ///
  /// - Parameters:
  ///   - threshold: of ICC(2,1).
  ///   - byEstimate: whether the estimate must reach it, and not the lower end of its interval.
  package func stable(threshold: Double, byEstimate: Bool) -> [String] {
    features.filter { feature in
      guard let value = byEstimate ? feature.agreement : feature.agreementInterval?.lower else { return false }
      return value.isFinite && value >= threshold
    }.map(\.name)
  }

  package func csv(stable: Set<String>) -> [UInt8] {
    let table = Table<Feature>([
      Column("feature") { $0.name },
      Column("stable") { stable.contains($0.name) ? "yes" : "no" },
      Column("cases") { [cases] _ in cases },
      Column("ratings") { [ratings = perturbations.count] _ in ratings },
      Column("icc2_1") { $0.agreement },
      Column("icc2_1_low") { $0.agreementInterval?.lower },
      Column("icc2_1_high") { $0.agreementInterval?.upper },
      Column("icc3_1") { $0.consistency },
      Column("icc3_1_low") { $0.consistencyInterval?.lower },
      Column("icc3_1_high") { $0.consistencyInterval?.upper },
      Column("median_variation") { $0.variation },
    ])
    return table.csvBytes(features)
  }

  package func jsonBytes(stable: Set<String>, threshold: Double, byEstimate: Bool) -> [UInt8] {
    func interval(_ pair: (lower: Double, upper: Double)?) -> JSONValue {
      pair.map { .array([.number($0.lower), .number($0.upper)]) } ?? nil
    }
    let document: JSONValue = [
      "schema": "radiomicsd.stability/1", "profile": .string(profile), "cases": .integer(cases),
      "perturbations": JSONValue(perturbations), "seed": .string("\(seed)"),
      "threshold": .number(threshold), "criterion": .string(byEstimate ? "estimate" : "lower"),
      "features": .array(
        features.map {
          [
            "name": .string($0.name), "stable": .bool(stable.contains($0.name)), "icc2_1": JSONValue($0.agreement),
            "icc2_1_95": interval($0.agreementInterval), "icc3_1": JSONValue($0.consistency),
            "icc3_1_95": interval($0.consistencyInterval), "medianVariation": JSONValue($0.variation),
            "notEstimable": JSONValue($0.reason),
          ]
        }),
      "leftOut": .array(
        leftOut.map { ["image": .string($0.image), "code": .string($0.code), "message": .string($0.message)] }),
    ]
    return document.fileBytes()
  }

  /// One name per line, with comments on the list's origin, for `train --stable-features`.
  package func list(_ stable: [String], threshold: Double, byEstimate: Bool) -> [UInt8] {
    let criterion = byEstimate ? "the estimate" : "the lower end of the 95 % interval"
    let head = """
      # Features whose ICC(2,1) keeps \(threshold) (\(criterion)) over \(perturbations.count) masks a case, \(cases) cases
      # masks: \(perturbations.joined(separator: " ")), seed \(seed); profile \(profile.escapedForLine)
      # \(stable.count) of \(features.count) features

      """
    return Array((head + stable.map { $0 + "\n" }.joined()).utf8)
  }
}
