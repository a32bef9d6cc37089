/// How out-of-fold predictions are made.
public struct ResamplingPlan: Sendable, Equatable {
  /// Outer cross-validation.
  public var folds: Int
  public var repeats: Int
  /// Cross-validation within the training rows of each outer fold, which chooses among several candidates.
  public var innerFolds: Int
  public var innerRepeats: Int
  public var seed: UInt32

  public init(folds: Int = 5, repeats: Int = 10, innerFolds: Int = 5, innerRepeats: Int = 1, seed: UInt32 = 1) {
    self.folds = folds
    self.repeats = repeats
    self.innerFolds = innerFolds
    self.innerRepeats = innerRepeats
    self.seed = seed
  }
}

/// What one outer fold gave.
public struct FoldResult: Sendable, Equatable {
  /// From 0.
  public var repetition: Int
  public var fold: Int
  public var testRows: [Int]
  /// Of the positive class, one a test row, by a pipeline that did not see that row in any step.
  public var probabilities: [Double]
  /// The candidate that the inner cross-validation chose, and its index.
  public var chosen: PipelineSpecification
  public var chosenIndex: Int
  /// Mean inner log loss of each candidate; empty where there was only one.
  public var innerLosses: [Double]
  /// Area under the ROC curve on the fold's own training rows is for the reader to compute from these.
  public var trainingRows: [Int]
  public var trainingProbabilities: [Double]
}

/// Nested, repeated, stratified, group-aware cross-validation: results by repeat, then fold.
///
/// - Parameters:
///   - candidates: pipelines to choose from in each outer fold, the simplest first; one needs no choice.
///   - threads: at most so many at once. The results do not depend on it.
///   - progress: finished outer folds, of all; called from any thread.
/// - Throws: as `Pipeline.fit` and `Splits.repeatedKFold`.
public func outOfFoldPredictions(
  _ candidates: [PipelineSpecification], _ cohort: LabelledCohort, plan: ResamplingPlan, threads: Int,
  progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
) throws -> [FoldResult] { [] }
