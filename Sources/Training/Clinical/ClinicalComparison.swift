internal import Glibc
internal import Parallel

/// Compares clinical variables without radiomics, and both together, on the folds and test cases of a radiomic
/// model.
///
/// Alone: missing values filled with the median, standardised, logistic regression. Together: the same with one
/// additional column, the logit of the radiomic model's probability; for its fitted rows that is the probability of a
/// radiomic model that did not see the row. Every step is fitted within the training rows of its fold.
package struct ClinicalComparison: Sendable {
  /// The predictions of one of the two models.
  package struct Predictions: Sendable {
    /// Of the training rows, in their order, by the model fitted to them.
    package var training: [Double]
    /// Of the held-out rows, in their order.
    package var test: [Double]
    /// Of the training rows, by repeat of the cross-validation.
    package var outOfFold: [[Double]]
    /// By outer fold, in the order of the radiomic model's.
    package var chosen: [PipelineSpecification]
    /// Settings of the model fitted to all training rows.
    package var specification: PipelineSpecification
  }

  package let clinical: Predictions
  package let combined: Predictions

  /// - Throws: as `PipelineFitter.fit`.
  package init(
    _ model: TrainedModel, _ validation: CrossValidation, _ predictors: ClinicalPredictors, threads: Int,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    let cohort = model.cohort
    let plan = model.configuration.plan
    let candidates = Self.candidates(model.configuration)

    let fits = try Parallel.map(validation.folds.count, threads: threads, progress: progress) { index in
      let fold = validation.folds[index]
      let training = fold.trainingRows.map { validation.rows[$0] }
      let inner = try OutOfFold.pooled(
        fold.selection.chosen, cohort.features, labels: cohort.labels, groups: cohort.groups, rows: training,
        folds: PlattFit.folds)
      return try Fit(
        candidates, cohort, predictors, training: training, scores: inner,
        test: fold.testRows.map { validation.rows[$0] }, testScores: fold.probabilities, plan: plan)
    }
    let whole = try Fit(
      candidates, cohort, predictors, training: model.split.training, scores: model.outOfFold,
      test: model.split.test, testScores: model.heldOut, plan: plan)

    func predictions(_ part: KeyPath<Fit, Fit.Part>) -> Predictions {
      var outOfFold = [[Double]](
        repeating: [Double](repeating: .nan, count: validation.rows.count), count: validation.probabilities.count)
      for (fold, fit) in zip(validation.folds, fits) {
        for (row, probability) in zip(fold.testRows, fit[keyPath: part].test) {
          outOfFold[fold.repetition][row] = probability
        }
      }
      let final = whole[keyPath: part]
      return Predictions(
        training: final.training, test: final.test, outOfFold: outOfFold,
        chosen: fits.map { $0[keyPath: part].specification }, specification: final.specification)
    }
    clinical = predictions(\.clinical)
    combined = predictions(\.combined)
  }

  private static func candidates(_ configuration: TrainingConfiguration) -> [PipelineSpecification] {
    configuration.space.c.map { c in
      var settings = LogisticRegressionSettings()
      settings.c = c
      return PipelineSpecification(
        imputation: .median, components: nil, classifier: .logisticRegression(settings), seed: configuration.seed)
    }
  }

  /// Both models on the rows of one split.
  private struct Fit: Sendable {
    struct Part: Sendable {
      var specification: PipelineSpecification
      var training: [Double]
      var test: [Double]
    }

    let clinical: Part
    let combined: Part

    /// - Parameters:
    ///   - scores: radiomic probabilities of the training rows, by models that did not see them.
    ///   - testScores: of the test rows, by the model of the training rows.
    init(
      _ candidates: [PipelineSpecification], _ cohort: LabelledCohort, _ predictors: ClinicalPredictors,
      training: [Int], scores: [Double], test: [Int], testScores: [Double], plan: ResamplingPlan
    ) throws {
      func part(_ matrix: FeatureMatrix) throws -> Part {
        let selection = try Selection.among(
          candidates, matrix, labels: cohort.labels, groups: cohort.groups, rows: training, plan: plan)
        let fitted = try PipelineFitter.fit(
          selection.chosen, matrix, labels: cohort.labels, groups: cohort.groups, rows: training)
        return Part(
          specification: selection.chosen, training: fitted.probabilities(matrix.rows(training)),
          test: fitted.probabilities(matrix.rows(test)))
      }
      // Rows outside this split have no score; nothing reads them.
      var column = [Double](repeating: .nan, count: cohort.count)
      for (row, score) in zip(training, scores) { column[row] = Self.logit(score) }
      for (row, score) in zip(test, testScores) { column[row] = Self.logit(score) }
      clinical = try part(predictors.matrix)
      combined = try part(predictors.matrix.adding("radiomics", column))
    }

    private static func logit(_ probability: Double) -> Double {
      let p = min(max(probability, Double.ulpOfOne), 1 - Double.ulpOfOne)
      return log(p) - log1p(-p)
    }
  }
}

extension FeatureMatrix {
  /// The same rows with one column more, the first.
  func adding(_ name: String, _ column: [Double]) -> FeatureMatrix {
    FeatureMatrix(
      names: [name] + names, rowCount: rowCount, values: (0..<rowCount).flatMap { [column[$0]] + row($0) })
  }
}
