/// The predictions of one model.
public struct ModelResults: Sendable {
  /// As the report prints it: `MLP`, `Random forest`.
  public var name: String
  /// `mlp`, `lr`, `rf`.
  public var kind: String
  /// The frozen operating point, and the rule that fixed it.
  public var threshold: Double
  public var thresholdRule: String
  /// Settings of the fitted pipeline.
  public var settings: [Fact] = []
  /// On the cases to which the frozen model was fitted, in their order: apparent performance. Empty where unknown.
  public var training: [Double] = []
  /// Out-of-fold probabilities of the development cases, in their order: one array per repeat.
  public var outOfFold: [[Double]] = []
  /// The outer folds, in order.
  public var folds: [FoldRecord] = []
  /// Of the test cases, in their order, by the model fitted to the development cases. Empty where there are none.
  public var test: [Double] = []
  /// Cross-validated AUC with permuted labels, one per permutation, and the AUC to compare them with, computed in
  /// the same way with the true labels. nil where it was not done.
  public var permutation: PermutationResults?
  /// Test AUC of each split seed; empty where it was not computed.
  public var splitSeeds: [Double] = []
  public var learningCurve: [LearningPoint] = []
  /// Harrell's bootstrap: AUC of each refitted model on its resample and on the original cases.
  public var optimism: (resampled: [Double], original: [Double])?

  public init(name: String, kind: String, threshold: Double, thresholdRule: String) {
    self.name = name
    self.kind = kind
    self.threshold = threshold
    self.thresholdRule = thresholdRule
  }
}

/// One outer fold of the cross-validation.
public struct FoldRecord: Sendable, Equatable {
  public var repetition: Int
  public var fold: Int
  public var trainingCases: Int
  public var testCases: Int
  /// nil where the fold contains one class only.
  public var auc: Double?
  /// The candidate that the inner folds chose, in words.
  public var chosen: String

  public init(repetition: Int, fold: Int, trainingCases: Int, testCases: Int, auc: Double?, chosen: String) {
    self.repetition = repetition
    self.fold = fold
    self.trainingCases = trainingCases
    self.testCases = testCases
    self.auc = auc
    self.chosen = chosen
  }
}

/// AUCs under permuted labels.
public struct PermutationResults: Sendable, Equatable {
  public var observed: Double
  public var permuted: [Double]

  public init(observed: Double, permuted: [Double]) {
    self.observed = observed
    self.permuted = permuted
  }
}

/// AUCs of models fitted to this number of cases: one per repeat.
public struct LearningPoint: Sendable, Equatable {
  public var trainingCases: Int
  public var training: [Double]
  public var validation: [Double]

  public init(trainingCases: Int, training: [Double], validation: [Double]) {
    self.trainingCases = trainingCases
    self.training = training
    self.validation = validation
  }
}
