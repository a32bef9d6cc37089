/// The predictions of one model.
package struct ModelResults: Sendable {
  /// As the report prints it: `MLP`, `Random forest`.
  package var name: String
  /// `mlp`, `lr`, `rf`.
  package var kind: String
  /// The frozen operating point, and the rule that fixed it.
  package var threshold: Double
  package var thresholdRule: String
  /// Settings of the fitted pipeline.
  package var settings: [Fact] = []
  /// On the cases to which the frozen model was fitted, in their order: apparent performance. Empty where unknown.
  package var training: [Double] = []
  /// Out-of-fold probabilities of the development cases, in their order: one array per repeat.
  package var outOfFold: [[Double]] = []
  /// The outer folds, in order.
  package var folds: [FoldRecord] = []
  /// Of the test cases, in their order, by the model fitted to the development cases. Empty where there are none.
  package var test: [Double] = []
  /// Cross-validated AUC with permuted labels, one per permutation, and the AUC to compare them with, computed in
  /// the same way with the true labels. nil where it was not done.
  package var permutation: PermutationResults?
  /// Test AUC of each split seed; empty where it was not computed.
  package var splitSeeds: [Double] = []
  package var learningCurve: [LearningPoint] = []
  /// Harrell's bootstrap: AUC of each refitted model on its resample and on the original cases.
  package var optimism: (resampled: [Double], original: [Double])?

  package init(name: String, kind: String, threshold: Double, thresholdRule: String) {
    self.name = name
    self.kind = kind
    self.threshold = threshold
    self.thresholdRule = thresholdRule
  }
}

/// One outer fold of the cross-validation.
package struct FoldRecord: Sendable, Equatable {
  package var repetition: Int
  package var fold: Int
  package var trainingCases: Int
  package var testCases: Int
  /// nil where the fold contains one class only.
  package var auc: Double?
  /// The candidate that the inner folds chose, in words.
  package var chosen: String

  package init(repetition: Int, fold: Int, trainingCases: Int, testCases: Int, auc: Double?, chosen: String) {
    self.repetition = repetition
    self.fold = fold
    self.trainingCases = trainingCases
    self.testCases = testCases
    self.auc = auc
    self.chosen = chosen
  }
}

/// AUCs under permuted labels.
package struct PermutationResults: Sendable, Equatable {
  package var observed: Double
  package var permuted: [Double]

  package init(observed: Double, permuted: [Double]) {
    self.observed = observed
    self.permuted = permuted
  }
}

/// AUCs of models fitted to this number of cases: one per repeat.
package struct LearningPoint: Sendable, Equatable {
  package var trainingCases: Int
  package var training: [Double]
  package var validation: [Double]

  package init(trainingCases: Int, training: [Double], validation: [Double]) {
    self.trainingCases = trainingCases
    self.training = training
    self.validation = validation
  }
}
