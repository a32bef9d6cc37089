import ArgumentParser
import Configuration
import Documents
import Errors
import Model
import Study
import Training

/// `radiomicsd predict`: the frozen model on a table of features.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Apply a frozen model to features.",
    discussion: """
      Reads JSON as extract prints it, or CSV with a header row (features.csv, or PyRadiomics' batch table), and prints \
      one line a case; with --json one JSON object a line. Research use only. Not for diagnosis.
      """)

  @Option(help: "Features: a JSON or CSV file, or - for standard input.")
  var features: String

  @Option(help: "Folder of the model bundle.")
  var model: String

  @Option(
    help: "For a case outside the training cohort: flag or withhold (default: withhold for demonstrations).")
  var outOfDistribution: OutsideCohortOption?

  @Flag(help: "Print one JSON object per case and line.")
  var json = false

  func run() throws {
    let bundle = try ModelBundle(contentsOf: model)
    var file = try FeatureFile(contentsOf: features)
    file.spell(as: bundle.manifest.features)
    for note in file.notes { StandardError.write("radiomicsd: note: \(note.escapedForLine)\n") }
    try file.requireColumns(bundle.manifest.features)
    let records = file.records
    for record in records { try record.requireProfile(bundle.manifest.profile.sha256, code: .trainTable) }
    // Every cell is read before the first line is printed: a malformed table gives an error and no partial answer.
    let cases = try records.map { (record: $0, numbers: try $0.numbers(for: bundle.manifest.features)) }
    if !json { print(header(of: bundle)) }
    let policy = ModelPolicy(outOfDistribution: outOfDistribution?.policy).outOfDistribution(of: bundle)
    for (record, numbers) in cases {
      let outcome = ModelOutcome(bundle, numbers, facts: record.acquisition, policy: policy)
      print(json ? object(record, outcome).text(.compact) : line(record, outcome))
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

  private func line(_ record: FeatureRecord, _ outcome: ModelOutcome) -> String {
    let title = title(of: record).map { "\($0.escapedForLine): " } ?? ""
    switch outcome.prediction {
    case .value(let score):
      let call = score.positive ? "positive" : "negative"
      // The mark comes before the unreliable number.
      var marks: [String] = []
      if let distance = outcome.document, distance.flag {
        marks.append("OUTSIDE THE TRAINING COHORT (score \(distance.score), limit 1)")
      }
      let outside = outcome.document?.acquisition?.outside ?? []
      marks += outside.map { "OUTSIDE THE TRAINING COHORT: \($0.message.escapedForLine)" }
      let mark = marks.isEmpty ? "" : marks.joined(separator: ", ") + ", not to be relied on: "
      var line =
        "\(title)\(mark)probability \(score.probability), \(call) (\(score.label.escapedForLine)), threshold \(score.threshold)"
      if score.indeterminate == true { line += ", INDETERMINATE (too near the threshold to rely on the call)" }
      if let unknown = outcome.document?.acquisition?.unknown, !unknown.isEmpty {
        line += ", not compared with the training scans: \(unknown.joined(separator: ", "))"
      }
      return line
    case .withheld(let reason, _):
      return "\(title)no prediction: \(reason.escapedForLine)"
    }
  }

  private func object(_ record: FeatureRecord, _ outcome: ModelOutcome) -> JSONValue {
    let bundle = outcome.bundle
    var object = JSONObject()
    object.append("study", ifPresent: record.study.map(JSONValue.string))
    object.append("row", ifPresent: record.row.map(JSONValue.integer))
    object.append("prediction", ResultDocument.Prediction(outcome.prediction, by: bundle).json)
    object.append("model", ResultDocument.Model(bundle).json)
    object.append("outOfDistribution", outcome.document.map(\.json) ?? nil)
    // As in result.json: one code and sentence for each way in which the case lies outside the training cohort.
    let warnings = outcome.notes.map { ResultDocument.Warning(code: $0.code, message: $0.message).json }
    object.append("warnings", .array(warnings))
    if bundle.manifest.demonstration { object.append("demonstrationNotice", .string(Notice.demonstration)) }
    object.append("notice", .string(Notice.researchUse))
    return .object(object)
  }
}

/// `flag` or `withhold`, as `model.out_of_distribution` of the configuration.
enum OutsideCohortOption: String, ExpressibleByArgument, CaseIterable {
  case flag, withhold

  var policy: OutOfDistributionPolicy { self == .flag ? .flag : .withhold }
}
