/// Everything that a training run is told, but for its tables: `train.yaml` and the command's options.
public struct TrainingConfiguration: Sendable, Equatable {
  public enum ThresholdRule: Sendable, Equatable {
    case fixed(Double)
    /// The largest sensitivity + specificity - 1 of out-of-fold probabilities of the training cases.
    case youden
  }

  // What the bundle says of itself.
  public var name = "model"
  public var version = "1.0.0"
  public var demonstration = false
  public var classes = ["negative", "positive"]
  public var labelDefinition = "label 1, or IHC 2+ or 3+"
  public var intendedUse = "Research on cases like those that it was trained on."
  public var notFor = ["diagnosis"]
  public var site: String?
  public var period: String?

  // What is fitted.
  public var kind = PipelineSpecification.Classifier.Kind.mlp
  public var space = SearchSpace()
  public var threshold = ThresholdRule.fixed(0.5)
  public var indeterminate: [Double]?

  /// Clinical columns that the report compares with radiomics: nil takes all that can be fitted to, empty none.
  public var clinical: [String]?

  /// Whether χ² in the report's baseline tables has Yates' continuity correction.
  public var yates = false
  /// Columns of features that may be the label or say it, as they are: without a word here they are refused.
  public var allowedLeaks: Set<String> = []

  // What chance and splits are made from.
  public var seed: UInt32 = 1
  /// Share of the patients that train; nil: all of them, nothing is held out.
  public var trainingShare: Double? = 0.7
  /// Folds and repeats of the outer cross-validation (for the report) and of the inner one, which chooses.
  public var plan = ResamplingPlan()

  public init() {}
}
