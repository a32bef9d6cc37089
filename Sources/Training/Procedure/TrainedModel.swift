internal import Errors
internal import Statistics

/// A trained model, with its inputs.
package struct TrainedModel: Sendable {
  package let configuration: TrainingConfiguration
  package let cohort: LabelledCohort
  /// Training and held-out rows; the latter are empty where nothing is held out.
  package let split: Split
  package let candidates: [PipelineSpecification]
  package let selection: Selection
  package let pipeline: FittedPipeline
  package let threshold: Double
  /// `fixed in advance`, or how it was determined.
  package let thresholdRule: String
  /// Probabilities of the training rows by pipelines of the chosen kind that did not see them, in the order of
  /// `split.training`.
  package let outOfFold: [Double]
  /// Statistics of the training rows for comparison with new cases.
  let reference: TrainingReference

  /// Splits, chooses and fits. The held-out rows are not used.
  ///
  /// - Parameter progress: what is done, and how far.
  /// - Throws: as `PipelineFitter.fit`.
  package static func train(
    _ cohort: LabelledCohort, _ configuration: TrainingConfiguration, threads: Int,
    progress: @escaping @Sendable (_ stage: String, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
  ) throws -> TrainedModel {
    let split = try configuration.split(cohort)
    let candidates = configuration.candidates(configuration.kind, cohort, rows: split.training)
    let selection = try Selection.among(
      candidates, cohort.features, labels: cohort.labels, groups: cohort.groups, rows: split.training,
      plan: configuration.plan, threads: threads
    ) { progress("choosing among \(candidates.count) candidates", $0, $1) }
    progress("fitting", 0, 1)
    let pipeline = try PipelineFitter.fit(
      selection.chosen, cohort.features, labels: cohort.labels, groups: cohort.groups, rows: split.training)
    progress("fitting", 1, 1)
    let outOfFold = try OutOfFold.pooled(
      selection.chosen, cohort.features, labels: cohort.labels, groups: cohort.groups, rows: split.training, folds: 5,
      threads: threads)
    let reference = try TrainingReference(
      pipeline, cohort, rows: split.training, outOfFold: outOfFold, seed: configuration.seed, threads: threads
    ) { progress("limits of the training cohort", $0, $1) }
    let labels = split.training.map { cohort.labels[$0] }
    let (threshold, rule) = Self.threshold(configuration.threshold, outOfFold, labels)
    return TrainedModel(
      configuration: configuration, cohort: cohort, split: split, candidates: candidates, selection: selection,
      pipeline: pipeline, threshold: threshold, thresholdRule: rule, outOfFold: outOfFold, reference: reference)
  }

  /// Probabilities of the held-out rows, in the order of `split.test`.
  package var heldOut: [Double] { pipeline.probabilities(cohort.features.rows(split.test)) }

  private static func threshold(
    _ rule: TrainingConfiguration.ThresholdRule, _ probabilities: [Double], _ labels: [Bool]
  ) -> (Double, String) {
    switch rule {
    case .fixed(let value): return (value, "fixed in advance")
    case .youden:
      guard let cases = try? BinaryScores(labels: labels, scores: probabilities) else {
        return (0.5, "fixed in advance")
      }
      let best = ROCCurve(cases).youden.threshold
      // A curve's first point lies above every probability.
      let usable = best.isFinite ? min(max(best, 1e-6), 1 - 1e-6) : 0.5
      return (usable, "Youden's index of out-of-fold probabilities of the training cases")
    }
  }
}

extension TrainingConfiguration {
  /// The split that the configuration requests.
  package func split(_ cohort: LabelledCohort) throws -> Split {
    guard let trainingShare else { return Split(training: Array(0..<cohort.count), test: []) }
    return try Splits.holdOut(
      labels: cohort.labels, groups: cohort.groups, trainingShare: trainingShare, seed: seed)
  }

  /// The candidates of one kind for cross-validation within `rows`.
  package func candidates(
    _ kind: PipelineSpecification.Classifier.Kind, _ cohort: LabelledCohort, rows: [Int]
  ) -> [PipelineSpecification] {
    // Outer, inner and calibration folds nest at most; the smallest has this share of the rows.
    let share = (1 - 1 / Double(plan.folds)) * (1 - 1 / Double(plan.innerFolds)) * (space.calibration == nil ? 1 : 0.8)
    return space.candidates(kind, seed: seed, fewestRows: Int(Double(rows.count) * share) - 2)
  }
}
