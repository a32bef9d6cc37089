import ArgumentParser
import Errors
import Model
import Report
import Study

/// `radiomicsd predict`: the frozen model on a table of features.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Apply a frozen model to features.",
    discussion: """
      Reads JSON as extract prints it, or CSV with a header row (features.csv, or PyRadiomics' batch table), and prints \
      one line a case; with --json one JSON object a line. Research use only. Not for diagnosis.
      """)

  @Option(help: "Features: a JSON or CSV file, or - for the standard input.")
  var features: String

  @Option(help: "Folder of the model bundle.")
  var model: String

  @Flag(help: "Print one JSON object a case and line.")
  var json = false

  func run() throws {
    let bundle = try ModelBundle(contentsOf: model)
    var file = try FeatureFile(contentsOf: features)
    file.spell(as: bundle.manifest.features)
    for note in file.notes { StandardError.write("radiomicsd: note: \(note.escapedForLine)\n") }
    let records = file.records
    // Every cell is read before the first line is printed: a malformed table yields an error and no half an answer.
    let cases = try records.map { (record: $0, numbers: try $0.numbers(for: bundle.manifest.features)) }
    if !json { print(header(of: bundle)) }
    for (record, numbers) in cases {
      let outcome = bundle.assess(numbers)
      let scan = bundle.cohort?.acquisition.map { AcquisitionCheck(record.acquisition, in: $0) }
      print(json ? object(record, outcome, scan, bundle).text(.compact) : line(record, outcome, scan))
    }
  }

  private func header(of bundle: ModelBundle) -> String {
    let manifest = bundle.manifest
    var lines = ["model \(manifest.name.escapedForLine) \(manifest.version.escapedForLine) (\(bundle.id.prefix(12)))"]
    if manifest.demonstration { lines.append(Notice.demonstration) }
    lines.append(Notice.researchUse)
    return lines.joined(separator: "\n")
  }

  private func title(of record: FeatureRecord) -> String? {
    record.study ?? record.row.map { "row \($0)" }
  }

  private func line(_ record: FeatureRecord, _ outcome: Assessment, _ scan: AcquisitionCheck?) -> String {
    let title = title(of: record).map { "\($0.escapedForLine): " } ?? ""
    switch outcome.prediction {
    case .value(let score):
      let call = score.positive ? "positive" : "negative"
      // The mark goes before the number that is not to be relied on.
      var marks: [String] = []
      if let distance = outcome.outOfDistribution, distance.flag {
        marks.append("OUTSIDE THE TRAINING COHORT (score \(distance.score), limit 1)")
      }
      marks += (scan?.outside ?? []).map { "OUTSIDE THE TRAINING COHORT: \($0.message.escapedForLine)" }
      let mark = marks.isEmpty ? "" : marks.joined(separator: ", ") + ", not to be relied on: "
      var line =
        "\(title)\(mark)probability \(score.probability), \(call) (\(score.label.escapedForLine)), threshold \(score.threshold)"
      if score.indeterminate == true { line += ", INDETERMINATE (too near the threshold to rely on the call)" }
      if let unknown = scan?.unknown, !unknown.isEmpty {
        line += ", not compared with the training scans: \(unknown.joined(separator: ", "))"
      }
      return line
    case .withheld(let reason, _):
      return "\(title)no prediction: \(reason.escapedForLine)"
    }
  }

  private func object(
    _ record: FeatureRecord, _ outcome: Assessment, _ scan: AcquisitionCheck?, _ bundle: ModelBundle
  ) -> JSONValue {
    var object = JSONObject()
    object.append("study", ifPresent: record.study.map(JSONValue.string))
    object.append("row", ifPresent: record.row.map(JSONValue.integer))
    object.append("prediction", ResultDocument.Prediction(outcome.prediction, by: bundle).json)
    object.append("model", ResultDocument.Model(bundle).json)
    let distance = outcome.outOfDistribution.map { ResultDocument.OutOfDistribution($0, acquisition: scan).json }
    object.append("outOfDistribution", distance ?? nil)
    if bundle.manifest.demonstration { object.append("demonstrationNotice", .string(Notice.demonstration)) }
    object.append("notice", .string(Notice.researchUse))
    return .object(object)
  }
}
