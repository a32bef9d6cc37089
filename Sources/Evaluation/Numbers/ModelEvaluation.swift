package import Statistics

/// All numbers of one model.
package struct ModelEvaluation: Sendable {
  package let results: ModelResults
  /// On the cases to which it was fitted; nil where unknown.
  package let training: SetEvaluation?
  package let crossValidation: CrossValidationEvaluation?
  /// On the cases set apart, or those of an external evaluation; nil where there are none.
  package let test: SetEvaluation?
  package let permutation: Estimate<PermutationTest>?
  package let optimism: Estimate<OptimismCorrection>?

  init(_ model: ModelResults, of study: ExperimentResults) {
    results = model
    let seed = study.seed
    func set(_ labels: [Bool], _ probabilities: [Double]) -> SetEvaluation? {
      guard !labels.isEmpty, probabilities.count == labels.count else { return nil }
      return SetEvaluation(labels: labels, probabilities: probabilities, threshold: model.threshold, seed: seed)
    }
    training = set(study.developmentLabels, model.training)
    test = set(study.testLabels, model.test)
    crossValidation =
      study.developmentLabels.isEmpty
      ? nil : CrossValidationEvaluation(model, labels: study.developmentLabels, seed: seed)
    permutation = model.permutation.map { result in
      .of { () throws(NotEstimable) in try PermutationTest(observed: result.observed, permuted: result.permuted) }
    }
    let apparent = training?.auc
    optimism = model.optimism.map { pairs in
      .of { () throws(NotEstimable) in
        guard let apparent else { throw NotEstimable("the apparent AUC is not known") }
        return try OptimismCorrection(
          apparent: try apparent.get(), resampled: pairs.resampled, original: pairs.original)
      }
    }
  }

  package var name: String { results.name }

  /// The most honest available set: external or held out, otherwise cross-validated, otherwise none.
  package var honestAUC: (auc: Double, interval: Estimate<Interval>, of: String)? {
    if let test, let auc = test.auc.value { return (auc, test.interval, "test cases") }
    if let crossValidation, let auc = crossValidation.meanAUC.value {
      return (auc, crossValidation.interval, "cross-validation")
    }
    return nil
  }

  /// The curves in figures and tables at the threshold.
  package var shown: SetEvaluation? { test ?? crossValidation?.first ?? training }
}
