package import Configuration
package import Documents
package import Errors
package import Model

/// The model's output for a study, after the policy for cases outside its training cohort.
package struct ModelOutcome: Sendable {
  package let bundle: ModelBundle
  package let prediction: Prediction
  /// Principal component scores; nil without that step or without a prediction.
  package let scores: [Double]?
  /// nil where the prediction was withheld for its features, or the bundle has no cohort.
  package let document: ResultDocument.OutOfDistribution?
  /// For the result's warnings.
  package let notes: [Note]
  /// Whether the case lies outside: by distance, or by its acquisition.
  package let isOutside: Bool

  package init(
    _ bundle: ModelBundle, _ numbers: [String: Double], facts: AcquisitionFacts, policy: OutOfDistributionPolicy
  ) {
    self.bundle = bundle
    let assessment = bundle.assess(numbers)
    scores = assessment.scores
    let acquisition = bundle.cohort?.acquisition.map { AcquisitionCheck(facts, in: $0) }
    document = assessment.outOfDistribution.map { ResultDocument.OutOfDistribution($0, acquisition: acquisition) }
    var notes: [Note] = []
    if let distance = assessment.outOfDistribution, distance.flag {
      notes.append(
        Note(
          code: "OOD_FEATURES",
          message: "the features lie farther from the training cohort than 99 % of its cases (score \(distance.score))")
      )
    }
    notes += acquisition?.outside ?? []
    if bundle.cohort == nil {
      notes.append(
        Note(
          code: "OOD_UNKNOWN",
          message: "the model's bundle holds no training cohort: how far this case lies from it cannot be told"))
    }
    self.notes = notes
    isOutside = !notes.isEmpty
    if policy == .withhold, let first = notes.first, case .value = assessment.prediction {
      let more = notes.count > 1 ? " (and \(notes.count - 1) more)" : ""
      prediction = .withheld(
        reason: "the case lies outside the model's training cohort: \(first.message)\(more)",
        features: assessment.outOfDistribution?.flag == true
          ? assessment.outOfDistribution?.worst.map(\.feature) ?? [] : [])
    } else {
      prediction = assessment.prediction
    }
  }
}
