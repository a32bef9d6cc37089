/// A frozen model's prediction for one case.
public enum Prediction: Sendable, Equatable {
  case value(Score)
  /// No probability: the reason in a sentence, and the features that caused it, in the model's order.
  case withheld(reason: String, features: [String])

  public struct Score: Sendable, Equatable {
    /// Of the positive class, 0...1.
    public var probability: Double
    /// Whether the probability reaches the threshold.
    public var positive: Bool
    public var threshold: Double
    /// Name of the predicted class.
    public var label: String
    /// Whether the probability lies in the bundle's indeterminate zone, where the call should not be relied on; nil where
    /// the bundle has no such zone.
    public var indeterminate: Bool?
  }
}

/// A prediction with its supporting data.
public struct Assessment: Sendable, Equatable {
  public var prediction: Prediction
  /// How far the case lies from the training cohort; nil where the prediction is withheld for its features,
  /// or the bundle holds no cohort.
  public var outOfDistribution: OutOfDistribution?
  /// Principal component scores before whitening; nil without that step or without a prediction.
  public var scores: [Double]?
}
