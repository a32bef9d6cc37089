/// All settings of a training run except its tables: `train.yaml` and the command's options.
package struct TrainingConfiguration: Sendable, Equatable {
  package enum ThresholdRule: Sendable, Equatable {
    case fixed(Double)
    /// The largest sensitivity + specificity - 1 of out-of-fold probabilities of the training cases.
    case youden
  }

  // Metadata of the bundle.
  package var name = "model"
  package var version = "1.0.0"
  package var demonstration = false
  package var classes = ["negative", "positive"]
  package var labelDefinition = "label 1, or IHC 2+ or 3+"
  package var intendedUse = "Research on cases like those that it was trained on."
  package var notFor = ["diagnosis"]
  package var site: String?
  package var period: String?

  // The pipeline.
  package var kind = PipelineSpecification.Classifier.Kind.mlp
  package var space = SearchSpace()
  package var threshold = ThresholdRule.fixed(0.5)
  package var indeterminate: [Double]?

  /// Clinical columns that the report compares with radiomics: nil uses all that can be fitted, empty none.
  package var clinical: [String]?

  /// Whether χ² in the report's baseline tables has Yates' continuity correction.
  package var yates = false
  /// Columns of features that may be or reveal the label and are accepted anyway: without this list they are refused.
  package var allowedLeaks: Set<String> = []

  // Random seed and splits.
  package var seed: UInt32 = 1
  /// Share of the patients used for training; nil: all of them, none is held out.
  package var trainingShare: Double? = 0.7
  /// Folds and repeats of the outer cross-validation (for the report) and of the inner one, which chooses.
  package var plan = ResamplingPlan()

  package init() {}
}
