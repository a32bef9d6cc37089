internal import Errors
internal import Parallel
internal import Random
internal import Statistics
package import Training

/// The computations of a training report: competing models, nested cross-validation, permuted labels, other splits,
/// fewer cases. Every model uses `Pipeline`, fitted within its training rows only.
package struct ModelExperiment: Sendable {
  /// The number of repetitions.
  package struct Plan: Sendable, Equatable {
    /// Models to compare with the trained one, where they differ from it.
    package var competitors: [PipelineSpecification.Classifier.Kind] = [.mlp, .rf, .lr]
    /// Permutations of the labels; 0 for none.
    package var permutations = 100
    /// Seeds of the split into training and test cases; fewer than 2 for none.
    package var splitSeeds = 30
    /// Refits of Harrell's bootstrap; 0 for none.
    package var bootstraps = 50
    /// Repeats of each point of the learning curve; 0 for none.
    package var learningRepeats = 10
    /// Shares of the training cases that are left after validation cases are held out.
    package var learningShares = [0.3, 0.45, 0.6, 0.8, 1]

    package init() {}
  }

  let model: TrainedModel
  let plan: Plan
  let threads: Int
  let progress: @Sendable (_ stage: String, _ done: Int, _ total: Int) -> Void

  /// Runs the study of a trained model. The same model and plan give the same results for every number of threads.
  ///
  /// - Parameter crossValidation: the model's own, if it was computed already.
  /// - Throws: as `Pipeline.fit` and `Splits`.
  package static func run(
    _ model: TrainedModel, crossValidation: CrossValidation? = nil, plan: Plan = Plan(), threads: Int,
    progress: @escaping @Sendable (_ stage: String, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
  ) throws -> ExperimentResults {
    try ModelExperiment(model: model, plan: plan, threads: threads, progress: progress).results(crossValidation)
  }

  private var cohort: LabelledCohort { model.cohort }
  private var configuration: TrainingConfiguration { model.configuration }

  private func results(_ known: CrossValidation?) throws -> ExperimentResults {
    var study = ExperimentResults(
      title: "\(configuration.name) \(configuration.version)", labelDefinition: configuration.labelDefinition,
      classes: configuration.classes, featureCount: cohort.features.columnCount,
      componentCount: model.pipeline.componentCount > 0 ? model.pipeline.componentCount : nil)
    study.isSynthetic = configuration.demonstration
    study.yates = configuration.yates
    study.developmentLabels = model.split.training.map { cohort.labels[$0] }
    study.testLabels = model.split.test.map { cohort.labels[$0] }
    study.testIDs = model.split.test.map { cohort.ids[$0] }
    study.seed = UInt64(configuration.seed)
    study.resampling = resampling
    study.flow = cohort.flow(training: model.split.training.count, test: model.split.test.count)
    study.clinical = cohort.rows(model.split.training + model.split.test).clinical.map(ClinicalVariable.init)
    study.components = components
    study.featureTests = featureTests
    study.provenance = [
      Fact(
        "Split",
        model.split.test.isEmpty
          ? "every case trains"
          : "\(model.split.training.count) training, \(model.split.test.count) test cases, fixed before fitting"),
      Fact("Seed", "\(configuration.seed)"),
    ]

    let validation =
      try known
      ?? CrossValidation(model, threads: threads) { progress("\(configuration.kind.title): cross-validation", $0, $1) }
    let main = try results(of: model, validation)
    study.clinicalModels = try clinicalModels(main, validation)
    study.models = [try withResampling(main)]
    for kind in plan.competitors where kind != configuration.kind {
      var other = configuration
      other.kind = kind
      let trained = try TrainedModel.train(cohort, other, threads: threads) { stage, done, total in
        progress("\(kind.title): \(stage)", done, total)
      }
      study.models.append(try results(of: trained, nil))
    }
    return study
  }

  private var resampling: String {
    let plan = configuration.plan
    return
      "\(plan.folds)-fold cross-validation of the training cases, \(plan.repeats) repeats, stratified, cases of a patient together; settings chosen by \(plan.innerFolds) inner folds"
  }

  /// Predictions of one model.
  private func results(of trained: TrainedModel, _ known: CrossValidation?) throws -> ModelResults {
    let kind = trained.configuration.kind
    let validation =
      try known
      ?? CrossValidation(trained, threads: threads) { progress("\(kind.title): cross-validation", $0, $1) }
    var result = ModelResults(
      name: kind.title, kind: kind.rawValue, threshold: trained.threshold, thresholdRule: trained.thresholdRule)
    result.settings = trained.pipeline.specification.facts
    result.training = trained.pipeline.probabilities(cohort.features.rows(trained.split.training))
    result.test = trained.heldOut
    result.outOfFold = validation.probabilities
    let labels = validation.rows.map { cohort.labels[$0] }
    result.folds = validation.folds.map { fold in
      FoldRecord(
        repetition: fold.repetition, fold: fold.fold, trainingCases: fold.trainingRows.count,
        testCases: fold.testRows.count,
        auc: try? BinaryScores(labels: fold.testRows.map { labels[$0] }, scores: fold.probabilities).auc,
        chosen: fold.selection.chosen.summary)
    }
    return result
  }

  /// Clinical variables alone and together with the radiomic model; nil where the tables have none to fit.
  private func clinicalModels(_ radiomics: ModelResults, _ validation: CrossValidation) throws -> ClinicalResults? {
    if configuration.clinical?.isEmpty == true { return nil }
    let predictors = try ClinicalPredictors(cohort, wanted: configuration.clinical)
    guard !predictors.names.isEmpty else { return nil }
    var results = ClinicalResults(
      variables: predictors.names, leftOut: predictors.leftOut.map { Fact($0.name, $0.reason) }, models: [])
    let fits: ClinicalComparison
    do {
      fits = try ClinicalComparison(model, validation, predictors, threads: threads) {
        progress("clinical variables", $0, $1)
      }
    } catch let error as StudyError {
      // A report without this part is better than no report.
      results.leftOut.append(Fact("the comparison", error.message))
      return results
    }
    var first = radiomics
    first.name = "Radiomics (\(radiomics.name))"
    results.models = [
      first, clinicalModel("Clinical variables", "clinical", fits.clinical, validation, radiomics),
      clinicalModel("Both", "combined", fits.combined, validation, radiomics),
    ]
    return results
  }

  private func clinicalModel(
    _ name: String, _ kind: String, _ fits: ClinicalComparison.Predictions, _ validation: CrossValidation,
    _ radiomics: ModelResults
  ) -> ModelResults {
    var result = ModelResults(name: name, kind: kind, threshold: 0.5, thresholdRule: "fixed in advance")
    result.settings = fits.specification.facts
    (result.training, result.test, result.outOfFold) = (fits.training, fits.test, fits.outOfFold)
    let labels = validation.rows.map { cohort.labels[$0] }
    result.folds = validation.folds.indices.map { index in
      let fold = validation.folds[index]
      var record = radiomics.folds[index]
      record.auc = try? BinaryScores(
        labels: fold.testRows.map { labels[$0] }, scores: fold.testRows.map { fits.outOfFold[fold.repetition][$0] }
      ).auc
      record.chosen = fits.chosen[index].summary
      return record
    }
    return result
  }

  /// Permuted labels, other splits and fewer cases, of the model that is frozen.
  private func withResampling(_ main: ModelResults) throws -> ModelResults {
    var result = main
    if plan.permutations > 0, let first = main.outOfFold.first,
      let observed = try? BinaryScores(labels: model.split.training.map { cohort.labels[$0] }, scores: first).auc
    {
      result.permutation = PermutationResults(observed: observed, permuted: try permuted())
    }
    if plan.splitSeeds > 1, let share = configuration.trainingShare { result.splitSeeds = try splitSeeds(share) }
    if plan.bootstraps > 0 { result.optimism = try optimism() }
    if plan.learningRepeats > 0 { result.learningCurve = try learningCurve() }
    return result
  }

  /// One repeat of the nested cross-validation for each permutation: settings are chosen again under permuted labels.
  private func permuted() throws -> [Double] {
    let once = {
      var plan = configuration.plan
      plan.repeats = 1
      return plan
    }()
    let rows = model.split.training
    return try repeated("permuted labels", plan.permutations) {
      index in
      let labels = LabelPermutation.permute(cohort, rows: rows, seed: configuration.seed &+ 7919 &* UInt32(index + 1))
      let validation = try CrossValidation(
        model.candidates, cohort.with(labels: labels), rows: rows, plan: once, threads: 1)
      return validation.aucs(rows.map { labels[$0] }).first ?? 0.5
    }
  }

  /// Test AUC of the whole procedure for seeds 1, 2, 3, …
  private func splitSeeds(_ share: Double) throws -> [Double] {
    let aucs = try repeated("other splits", plan.splitSeeds) {
      index -> Double? in
      let split = try Splits.holdOut(
        labels: cohort.labels, groups: cohort.groups, trainingShare: share, seed: UInt32(index + 1))
      let candidates = configuration.candidates(configuration.kind, cohort, rows: split.training)
      let selection = try Selection.among(
        candidates, cohort.features, labels: cohort.labels, groups: cohort.groups, rows: split.training,
        plan: configuration.plan)
      return try auc(selection.chosen, training: split.training, test: split.test)?.test
    }
    return aucs.compactMap { $0 }
  }

  /// AUC on cases held out of the training cases, with decreasing numbers of the others for fitting. The settings are
  /// the frozen model's: they were chosen on all training cases, so the curve's shape is informative and its height is
  /// not.
  private func learningCurve() throws -> [LearningPoint] {
    let rows = model.split.training
    let specification = model.selection.chosen
    let tasks = plan.learningShares.flatMap { share in (0..<plan.learningRepeats).map { (share, $0) } }
    let values = try repeated("learning curve", tasks.count) {
      index -> (cases: Int, training: Double, test: Double)? in
      let (share, repetition) = tasks[index]
      let seed = configuration.seed &+ 104_729 &* UInt32(repetition + 1)
      // A class may have too few patients to be split further, or a fold too few cases for the components: such a
      // point is left out.
      guard let outer = try? holdOut(rows, share: 0.8, seed: seed),
        let kept = share < 1
          ? (try? holdOut(outer.training, share: share, seed: seed &+ 1))?.training : outer.training
      else { return nil }
      if case .count(let count) = specification.components, kept.count <= count + 1 { return nil }
      guard let pair = try auc(specification, training: kept, test: outer.test) else { return nil }
      return (kept.count, pair.training, pair.test)
    }
    return plan.learningShares.indices.compactMap { index in
      let first = index * plan.learningRepeats
      let points = values[first..<(first + plan.learningRepeats)].compactMap { $0 }
      guard points.count > 1 else { return nil }
      let cases = points.map(\.cases).sorted()[points.count / 2]
      return LearningPoint(trainingCases: cases, training: points.map(\.training), validation: points.map(\.test))
    }
  }

  /// The frozen settings fitted to resamples: cases of one patient are drawn together, each class separately.
  private func optimism() throws -> (resampled: [Double], original: [Double]) {
    let rows = model.split.training
    var specification = model.selection.chosen
    // Folds of a calibration would contain copies of a case on both sides; calibration changes no AUC.
    specification.calibration = nil
    let fixed = specification
    let patients = [false, true].map { value in Patients.of(rows.filter { cohort.labels[$0] == value }, cohort.groups) }
    let values = try repeated("bootstrap", plan.bootstraps) { index -> (Double, Double)? in
      var source = MersenneTwister(seed: configuration.seed &+ 15_485_863 &* UInt32(index + 1))
      let drawn = patients.flatMap { members in
        members.flatMap { _ in members[Int(source.integer(upTo: UInt32(members.count - 1)))] }
      }
      // A resample has fewer different cases, which may be too few for the components.
      return (try? auc(fixed, training: drawn, test: rows)).flatMap { $0 }
    }.compactMap { $0 }
    return (values.map(\.0), values.map(\.1))
  }

  private func repeated<Value: Sendable>(
    _ stage: String, _ count: Int, _ body: @Sendable (Int) throws -> Value
  ) throws -> [Value] {
    try Parallel.map(count, threads: threads, progress: { progress(stage, $0, $1) }, body)
  }

  /// A stratified split of some rows.
  private func holdOut(_ rows: [Int], share: Double, seed: UInt32) throws -> Split {
    let split = try Splits.holdOut(
      labels: rows.map { cohort.labels[$0] }, groups: rows.map { cohort.groups[$0] }, trainingShare: share, seed: seed)
    return Split(training: split.training.map { rows[$0] }, test: split.test.map { rows[$0] })
  }

  /// nil where a side contains one class only.
  private func auc(
    _ specification: PipelineSpecification, training: [Int], test: [Int]
  ) throws -> (training: Double, test: Double)? {
    let fitted = try PipelineFitter.fit(
      specification, cohort.features, labels: cohort.labels, groups: cohort.groups, rows: training)
    func value(_ rows: [Int]) -> Double? {
      try? BinaryScores(
        labels: rows.map { cohort.labels[$0] }, scores: fitted.probabilities(cohort.features.rows(rows))
      ).auc
    }
    return value(training).flatMap { a in value(test).map { (a, $0) } }
  }

  private var featureTests: [Double] {
    let rows = model.split.training
    return cohort.features.names.indices.compactMap { column in
      func sample(_ positive: Bool) -> [Double] {
        rows.filter { cohort.labels[$0] == positive }.map { cohort.features[$0, column] }.filter(\.isFinite)
      }
      return try? WilcoxonRankSum(sample(true), sample(false), exact: false).pValue
    }
  }

  private var components: ComponentResults? {
    // Centred rows span one dimension less than there are rows: the last value of the spectrum is rounding.
    let shares = Array(model.pipeline.explainedVarianceRatio.prefix(max(1, model.split.training.count - 1)))
    guard !model.pipeline.explainedVarianceRatio.isEmpty else { return nil }
    func scores(_ rows: [Int]) -> [SIMD2<Double>] {
      model.pipeline.scores(cohort.features.rows(rows)).compactMap { $0.count > 1 ? SIMD2($0[0], $0[1]) : nil }
    }
    return ComponentResults(
      explainedShares: shares, scores: scores(model.split.training), testScores: scores(model.split.test))
  }
}
