import ArgumentParser
import Documents
import Errors
import Evaluation
import Model
import Operations
import Report
import Training

/// `radiomicsd evaluate`: a frozen model on new patients.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a frozen model on labelled cases that it was not trained on.",
    discussion: """
      Nothing is fitted: model and threshold are the bundle's. Features and labels are tables as train takes them. Writes \
      evaluation.json (every number), report.html (one page, no script) and predictions.csv into a folder; the same \
      inputs give the same bytes. docs/evaluation.md explains the numbers.

      Research use only. Not for diagnosis.
      """)

  @Option(help: "Folder of the model bundle.")
  var model: String

  @Option(parsing: .upToNextOption, help: "Tables of features (CSV).")
  var features: [String]

  @Option(help: "Table of labels (CSV).")
  var labels: String

  @Option(name: .shortAndLong, help: "Folder for the report; it is created.")
  var output: String

  @Option(help: "Column that names a case (default: study, case, id, patient, Image).")
  var idColumn: String?

  @Option(help: "Column of the labels (default: label, class, outcome, ihc).")
  var labelColumn: String?

  @Option(help: "The value of the label column that is the positive class, of two.")
  var positive: String?

  @Flag(help: "Join cases whose names differ only by leading zeros, a final .0, blanks or case.")
  var matchNames = false

  @Flag(help: "Continue where more than a tenth of the cases is in only one of the tables.")
  var allowUnmatched = false

  @Option(help: "Column of the patient (default: group, patient).")
  var groupColumn: String?

  @Flag(help: "Yates' continuity correction for χ² in the report's baseline tables.")
  var yates = false

  @Flag(help: "Replace an existing report.")
  var force = false

  @Flag(help: "Print evaluation.json.")
  var json = false

  func validate() throws {
    guard !features.isEmpty else { throw ValidationError("--features needs a table") }
  }

  func run() throws {
    var source = LabelledCohort.Source(features: features, labels: labels)
    (source.idColumn, source.labelColumn, source.groupColumn) = (idColumn, labelColumn, groupColumn)
    (source.positive, source.matchesNames, source.allowsUnmatched) = (positive, matchNames, allowUnmatched)
    var run = EvaluationRun(model: model, source: source, output: output)
    (run.replaces, run.yates) = (force, yates)
    let (bundle, evaluation) = try run.run { StandardError.write("radiomicsd: note: \($0.escapedForLine)\n") }
    if json {
      print(evaluation.json.text(.compact))
    } else {
      print("report       \(output.escapedForLine)/report.html")
      for line in evaluation.summary { print(line.escapedForLine) }
      if bundle.manifest.demonstration { print(Notice.demonstration) }
      print(Notice.researchUse)
    }
  }
}
