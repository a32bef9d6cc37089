/// A frozen model's prediction for one case.
package enum Prediction: Sendable, Equatable {
  case value(Score)
  /// No probability: the reason in a sentence, and the features that caused it, in the model's order.
  case withheld(reason: String, features: [String])

  package struct Score: Sendable, Equatable {
    /// Of the positive class, 0...1.
    package var probability: Double
    /// Whether the probability reaches the threshold.
    package var positive: Bool
    package var threshold: Double
    /// Name of the predicted class.
    package var label: String
    /// Whether the probability lies in the bundle's indeterminate zone, where the call should not be relied on; nil where
    /// the bundle has no such zone.
    package var indeterminate: Bool?
  }
}

/// A prediction with its supporting data.
package struct Assessment: Sendable, Equatable {
  package var prediction: Prediction
  /// How far the case lies from the training cohort; nil where the prediction is withheld for its features,
  /// or the bundle holds no cohort.
  package var outOfDistribution: OutOfDistribution?
  /// Principal component scores before whitening; nil without that step or without a prediction.
  package var scores: [Double]?
}
