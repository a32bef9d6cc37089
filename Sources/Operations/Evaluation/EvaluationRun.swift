internal import Errors
package import Evaluation
internal import Files
internal import Glibc
package import Model
package import Training

/// A frozen model measured on labelled cases that it was not trained on, and the report on it: what `radiomicsd evaluate`
/// does. Nothing is fitted.
package struct EvaluationRun {
  /// The model bundle: a folder, or one file.
  package var model: String
  /// The tables, and which of their columns are what. Features and profile are the bundle's.
  package var source: LabelledCohort.Source
  /// Folder for the report.
  package var output: String
  /// A report that is there is replaced.
  package var replaces = false
  /// Yates' continuity correction for χ² in the baseline tables.
  package var yates = false

  package init(model: String, source: LabelledCohort.Source, output: String) {
    self.model = model
    self.source = source
    self.output = output
  }

  /// - Parameter note: what the caller should know, a sentence at a time; it may hold text of the tables.
  /// - Throws: `E_OUTPUT_EXISTS`, `E_OUTPUT_KIND`, what the readers of bundle and tables throw, `E_TRAIN_CLASSES`, `E_IO`.
  package func run(note: (String) -> Void = { _ in }) throws -> (bundle: ModelBundle, evaluation: Evaluation) {
    try OutputPath.requireFolder(output)
    let present = Evaluation.fileNames.filter { access("\(output)/\($0)", F_OK) == 0 }
    guard replaces || present.isEmpty else {
      throw StudyError(
        .outputExists, "the folder holds a report already (\(present.joined(separator: ", ")))", file: output,
        hint: "choose another folder, or --force to replace it")
    }
    let bundle = try ModelBundle(contentsOf: model)
    var source = source
    source.schema = bundle.manifest.features
    source.profile = bundle.manifest.profile.sha256
    source.allowsMissing = true
    let (cohort, notes) = try LabelledCohort.read(source)
    for text in notes { note(text) }
    for leak in LabelLeak.all(cohort.features, cohort.labels) {
      note("the feature \(leak.feature) \(leak.reason): is it a measurement?")
    }
    let external = ExternalEvaluation(
      bundle, cohort, provenance: try TableDigests.facts(features: source.features, labels: source.labels),
      yates: yates)
    for name in present { unlink("\(output)/\(name)") }
    return (bundle, try external.writeReport(to: output))
  }
}
