internal import Statistics

/// A study, evaluated: the numbers behind `evaluation.json` and `report.html`.
public struct Evaluation: Sendable {
  public static let schema = "radiomicsd.evaluation/1"

  public let study: StudyResults
  /// In the order of the study's models; the first is the one that is frozen.
  public let models: [ModelEvaluation]
  public let comparisons: [ModelComparison]
  public let subgroups: [SubgroupEvaluation]
  public let tables: [BaselineTable]
  /// nil where a frozen model is evaluated: its training cases are not at hand.
  public let sampleSize: SampleSize?
  /// What a strict reviewer would say, most important first.
  public let statements: [Statement]

  /// - Precondition: `classes` has two names, and there is a model.
  public init(_ study: StudyResults) {
    precondition(study.classes.count == 2 && !study.models.isEmpty, "two classes and a model are needed")
    self.study = study
    models = study.models.map { ModelEvaluation($0, of: study) }
    comparisons = ModelComparison.all(study)
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
      study: study, models: models, comparisons: comparisons, tables: tables, sampleSize: sampleSize)
  }

  /// The model that is frozen.
  public var main: ModelEvaluation { models[0] }
}
