internal import Statistics

/// Nested cross-validation of a training run: each outer fold chooses and fits again.
package struct CrossValidation: Sendable {
  /// By repeat, then fold.
  package let folds: [FoldResult]
  /// Rows that were cross-validated, of the cohort: the training rows.
  package let rows: [Int]
  /// One probability for each of `rows`, in their order, by repeat.
  package let probabilities: [[Double]]

  /// On the training rows of a model; its held-out rows stay held out.
  package init(
    _ model: TrainedModel, threads: Int, progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    try self.init(
      model.candidates, model.cohort, rows: model.split.training, plan: model.configuration.plan, threads: threads,
      progress: progress)
  }

  package init(
    _ candidates: [PipelineSpecification], _ cohort: LabelledCohort, rows: [Int], plan: ResamplingPlan, threads: Int,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    let folds = try outOfFoldPredictions(
      candidates, cohort.rows(rows), plan: plan, threads: threads, progress: progress)
    var probabilities = [[Double]](repeating: [Double](repeating: .nan, count: rows.count), count: plan.repeats)
    for fold in folds {
      for (row, probability) in zip(fold.testRows, fold.probabilities) {
        probabilities[fold.repetition][row] = probability
      }
    }
    self.folds = folds
    self.rows = rows
    self.probabilities = probabilities
  }

  /// Area under the ROC curve of the pooled out-of-fold probabilities, one per repeat. Their spread is not a confidence
  /// interval.
  package func aucs(_ labels: [Bool]) -> [Double] {
    probabilities.compactMap { try? BinaryScores(labels: labels, scores: $0).auc }
  }
}
