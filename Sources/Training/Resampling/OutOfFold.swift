internal import Parallel

/// How out-of-fold predictions are made.
package struct ResamplingPlan: Sendable, Equatable {
  /// Outer cross-validation.
  package var folds: Int
  package var repeats: Int
  /// Cross-validation within the training rows of each outer fold, which chooses among several candidates.
  package var innerFolds: Int
  package var innerRepeats: Int
  package var seed: UInt32

  package init(folds: Int = 5, repeats: Int = 10, innerFolds: Int = 5, innerRepeats: Int = 1, seed: UInt32 = 1) {
    self.folds = folds
    self.repeats = repeats
    self.innerFolds = innerFolds
    self.innerRepeats = innerRepeats
    self.seed = seed
  }
}

/// The result of one outer fold.
package struct FoldResult: Sendable, Equatable {
  /// From 0.
  package var repetition: Int
  package var fold: Int
  package var testRows: [Int]
  /// Of the positive class, one per test row, by a pipeline that did not see that row in any step.
  package var probabilities: [Double]
  /// The choice of the inner cross-validation.
  package var selection: Selection
  package var trainingRows: [Int]
  /// Of the fold's own training rows: how well the pipeline fits them.
  package var trainingProbabilities: [Double]
}

/// Nested, repeated, stratified, group-aware cross-validation: results by repeat, then fold.
///
/// - Parameters:
///   - candidates: pipelines to choose from in each outer fold, the simplest first; one needs no choice.
///   - threads: maximum number of threads. The results do not depend on it.
///   - progress: finished outer folds, of all; called from any thread.
/// - Throws: as `PipelineFitter.fit` and `Splits.repeatedKFold`.
package func outOfFoldPredictions(
  _ candidates: [PipelineSpecification], _ cohort: LabelledCohort, plan: ResamplingPlan, threads: Int,
  progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
) throws -> [FoldResult] {
  let repeats = try Splits.repeatedKFold(
    labels: cohort.labels, groups: cohort.groups, folds: plan.folds, repeats: plan.repeats, seed: plan.seed)
  return try Parallel.map(plan.repeats * plan.folds, threads: threads, progress: progress) { index in
    let (repetition, fold) = index.quotientAndRemainder(dividingBy: plan.folds)
    let split = repeats[repetition][fold]
    let selection = try Selection.among(
      candidates, cohort.features, labels: cohort.labels, groups: cohort.groups, rows: split.training, plan: plan)
    let fitted = try PipelineFitter.fit(
      selection.chosen, cohort.features, labels: cohort.labels, groups: cohort.groups, rows: split.training)
    return FoldResult(
      repetition: repetition, fold: fold, testRows: split.test,
      probabilities: fitted.probabilities(cohort.features.rows(split.test)), selection: selection,
      trainingRows: split.training,
      trainingProbabilities: fitted.probabilities(cohort.features.rows(split.training)))
  }
}

enum OutOfFold {
  /// One probability for each of `rows`, in their order, by K-fold cross-validation within them (fewer folds where a
  /// class has fewer patients).
  static func pooled(
    _ specification: PipelineSpecification, _ matrix: FeatureMatrix, labels: [Bool], groups: [String], rows: [Int],
    folds: Int, threads: Int = 1
  ) throws -> [Double] {
    let (innerLabels, innerGroups) = (rows.map { labels[$0] }, rows.map { groups[$0] })
    let splits = try Splits.repeatedKFold(
      labels: innerLabels, groups: innerGroups,
      folds: Splits.feasibleFolds(labels: innerLabels, groups: innerGroups, atMost: folds), repeats: 1,
      seed: specification.seed)[0]
    let parts = try Parallel.map(splits.count, threads: threads) { index in
      let fitted = try PipelineFitter.fit(
        specification, matrix, labels: labels, groups: groups, rows: splits[index].training.map { rows[$0] })
      return fitted.probabilities(matrix.rows(splits[index].test.map { rows[$0] }))
    }
    var out = [Double](repeating: .nan, count: rows.count)
    for (split, probabilities) in zip(splits, parts) {
      for (row, probability) in zip(split.test, probabilities) { out[row] = probability }
    }
    return out
  }
}
