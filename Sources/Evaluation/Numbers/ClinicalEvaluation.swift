internal import Documents
internal import Statistics

/// Radiomics, clinical variables and both, on the same folds and cases.
package struct ClinicalEvaluation: Sendable {
  package let results: ClinicalResults
  /// The radiomic model, clinical variables alone, both.
  package let models: [ModelEvaluation]
  /// Every pair.
  package let comparisons: [ModelComparison]

  init(_ results: ClinicalResults, of study: ExperimentResults) {
    self.results = results
    models = results.models.map { ModelEvaluation($0, of: study) }
    comparisons = ModelComparison.all(results.models, of: study)
  }

  /// The added value of radiomics over the clinical variables, on test cases where there are any: both against
  /// clinical.
  var added: ModelComparison? {
    guard results.models.count == 3 else { return nil }
    let pairs = comparisons.filter { $0.first == results.models[1].name && $0.second == results.models[2].name }
    return pairs.first { $0.cases == "test" } ?? pairs.first
  }

  var json: JSONValue {
    [
      "variables": JSONValue(results.variables),
      "left_out": .array(
        results.leftOut.map { ["variable": .string($0.name), "reason": .string($0.value)] }),
      "models": .array(models.map(\.json)), "comparisons": .array(comparisons.map(\.json)),
    ]
  }
}
