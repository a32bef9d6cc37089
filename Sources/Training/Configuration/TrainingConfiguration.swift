/// All settings of a training run except its tables: `train.yaml` and the command's options.
public struct TrainingConfiguration: Sendable, Equatable {
  public enum ThresholdRule: Sendable, Equatable {
    case fixed(Double)
    /// The largest sensitivity + specificity - 1 of out-of-fold probabilities of the training cases.
    case youden
  }

  // Metadata of the bundle.
  public var name = "model"
  public var version = "1.0.0"
  public var demonstration = false
  public var classes = ["negative", "positive"]
  public var labelDefinition = "label 1, or IHC 2+ or 3+"
  public var intendedUse = "Research on cases like those that it was trained on."
  public var notFor = ["diagnosis"]
  public var site: String?
  public var period: String?

  // The pipeline.
  public var kind = PipelineSpecification.Classifier.Kind.mlp
  public var space = SearchSpace()
  public var threshold = ThresholdRule.fixed(0.5)
  public var indeterminate: [Double]?

  /// Clinical columns that the report compares with radiomics: nil uses all that can be fitted, empty none.
  public var clinical: [String]?

  /// Whether χ² in the report's baseline tables has Yates' continuity correction.
  public var yates = false
  /// Columns of features that may be or reveal the label and are accepted anyway: without this list they are refused.
  public var allowedLeaks: Set<String> = []

  // Random seed and splits.
  public var seed: UInt32 = 1
  /// Share of the patients used for training; nil: all of them, none is held out.
  public var trainingShare: Double? = 0.7
  /// Folds and repeats of the outer cross-validation (for the report) and of the inner one, which chooses.
  public var plan = ResamplingPlan()

  public init() {}
}
