package import Documents
internal import Errors
package import Model

extension ResultDocument.Model {
  /// The model's part of a result.
  package init(_ bundle: ModelBundle) {
    self.init(
      name: bundle.manifest.name, version: bundle.manifest.version, sha256: bundle.id,
      demonstration: bundle.manifest.demonstration)
  }
}

extension ResultDocument.Prediction {
  /// The prediction's part of a result.
  package init(_ prediction: Prediction, by bundle: ModelBundle) {
    switch prediction {
    case .value(let score):
      self = .value(
        probability: score.probability, positive: score.positive, threshold: score.threshold, label: score.label,
        indeterminate: score.indeterminate)
    case .withheld(let reason, let features):
      self = .withheld(reason: reason, features: features, threshold: bundle.manifest.decision.threshold)
    }
  }
}

extension ResultDocument.OutOfDistribution {
  /// The distance from the training cohort as a result shows it.
  ///
  /// - Parameter acquisition: the scan compared with the training cases', where both are known.
  package init(_ distance: OutOfDistribution, acquisition: AcquisitionCheck? = nil) {
    self.init(
      score: distance.score, flag: distance.flag,
      worst: distance.worst.map {
        Deviation(
          feature: $0.feature, value: $0.value, z: $0.z, minimum: $0.range.lowerBound, maximum: $0.range.upperBound)
      },
      t2: distance.t2.map { Distance(value: $0.value, q95: $0.limits.q95, q99: $0.limits.q99) },
      spe: Distance(value: distance.spe.value, q95: distance.spe.limits.q95, q99: distance.spe.limits.q99),
      outsideRange: distance.outsideRange,
      acquisition: acquisition.map {
        Acquisition(
          outside: $0.outside.map { ResultDocument.Warning(code: $0.code, message: $0.message) }, unknown: $0.unknown)
      })
  }
}
