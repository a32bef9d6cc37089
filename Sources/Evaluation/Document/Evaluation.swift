internal import Statistics

/// The evaluation of a study: the numbers of `evaluation.json` and `report.html`.
package struct Evaluation: Sendable {
  package static let schema = "radiomicsd.evaluation/1"

  package let study: ExperimentResults
  /// In the order of the study's models; the first is the frozen one.
  package let models: [ModelEvaluation]
  package let comparisons: [ModelComparison]
  /// nil where there are no clinical variables to compare with.
  package let clinical: ClinicalEvaluation?
  package let subgroups: [SubgroupEvaluation]
  package let tables: [BaselineTable]
  /// nil where a frozen model is evaluated: its training cases are not available.
  package let sampleSize: SampleSize?
  /// Comments of a strict reviewer, most important first.
  package let statements: [Statement]

  /// - Precondition: `classes` has two names, and there is a model.
  package init(_ study: ExperimentResults) {
    precondition(study.classes.count == 2 && !study.models.isEmpty, "two classes and a model are needed")
    self.study = study
    models = study.models.map { ModelEvaluation($0, of: study) }
    comparisons = ModelComparison.all(study.models, of: study)
    clinical = study.clinicalModels.map { ClinicalEvaluation($0, of: study) }
    tables = BaselineTable.all(study)
    sampleSize =
      study.developmentLabels.isEmpty
      ? nil
      : SampleSize(
        labels: study.developmentLabels, features: study.featureCount, components: study.componentCount)
    let main = models[0]
    if let test = main.test {
      subgroups = SubgroupEvaluation.all(
        study.clinical, labels: test.labels, probabilities: test.probabilities, offset: study.developmentLabels.count)
    } else if let cases = main.crossValidation?.first {
      subgroups = SubgroupEvaluation.all(
        study.clinical, labels: cases.labels, probabilities: cases.probabilities, offset: 0)
    } else {
      subgroups = []
    }
    statements = Reviewer.statements(
      study: study, models: models, comparisons: comparisons, clinical: clinical, tables: tables,
      sampleSize: sampleSize)
  }

  /// The frozen model.
  package var main: ModelEvaluation { models[0] }
}

extension Evaluation {
  /// The findings in a few lines, for the terminal.
  package var summary: [String] {
    var lines: [String] = []
    func bounds(_ interval: Estimate<Interval>) -> String {
      interval.value.map { "95 % interval \(Text.range($0.lower, $0.upper)), \($0.method)" } ?? "interval not estimable"
    }
    for model in models {
      if let test = model.test {
        lines.append(
          "AUC          \(Text.share(test.auc.value)) on \(Text.cases(test.count)) (\(test.positives) positive), \(bounds(test.interval)): \(model.name)"
        )
      }
      if let validation = model.crossValidation {
        lines.append(
          "AUC, CV      \(Text.share(validation.meanAUC.value)) mean of \(validation.aucs.count) repeats, \(bounds(validation.interval)): \(model.name)"
        )
      }
    }
    if let permutation = main.permutation?.value {
      lines.append("permutation  \(Text.p(permutation.pValue)) (\(permutation.permuted.count) permutations)")
    }
    for statement in statements where statement.weight == .caution { lines.append("caution      \(statement.text)") }
    return lines
  }
}
