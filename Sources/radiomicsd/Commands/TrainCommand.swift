import ArgumentParser
import Documents
import Errors
import Evaluation
import Model
import Operations
import Radiomics
import Report
import Training

/// `radiomicsd train`: fit a model on a cohort and freeze it.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Fit a model on features and labels, and freeze it as a bundle.",
    discussion: """
      Standardise, principal components, classifier: fitted on the training cases alone, the settings chosen by \
      cross-validation within them. The features are tables as process, extract --batch or PyRadiomics write them; the \
      labels are a CSV with the study's name, its class (0 or 1, or an IHC score of which 2+ and 3+ are positive), \
      optionally the patient (--group-column), and clinical columns.

      The same tables, options and seed give the same bytes, whatever the number of threads. No clock is read: give the \
      bundle's date with --created or in SOURCE_DATE_EPOCH. docs/training.md explains train.yaml.

      Research use only. Not for diagnosis.
      """)

  @Option(parsing: .upToNextOption, help: "Tables of features (CSV).")
  var features: [String]

  @Option(help: "Table of labels (CSV).")
  var labels: String

  @Option(name: .shortAndLong, help: "Folder of the bundle to write; it must not exist.")
  var output: String

  @Option(help: "Training configuration (YAML); the options below override it.")
  var config: String?

  @Option(help: "mlp, lr or rf (default: mlp).")
  var model: String?

  @Option(help: "Principal components: a number, a share of the variance such as 0.95, or none.")
  var components: String?

  @Option(help: "Share of the patients for training; the others are held out. none: all are used (default: 0.7).")
  var split: String?

  @Option(
    help: "Nested cross-validation as REPEATSxFOLDS, for example 10x5. Without --split all cases are used for training."
  )
  var cv: String?

  @Option(
    help: "Folder for evaluation.json and report.html: comparison of the three models, permuted labels, other splits.")
  var report: String?

  @Option(help: "Permutations of the labels for the report; 0 for none (default: 100).")
  var permutations: Int?

  @Option(help: "Split seeds that the report compares; 0 for none (default: 30).")
  var splitSeeds: Int?

  @Option(help: "Seed of splits and all random steps: fix it before looking at results (default: 1).")
  var seed: UInt32?

  @Option(help: "Profile that the features were extracted with: a built-in name or a file.")
  var profile = ExtractionProfile.defaultName

  @Option(help: "File with the names of the features to use, in order, one name per line.")
  var schema: String?

  @Option(
    help:
      "File with the names of the features to keep, fixed in advance: one name per line, or the output of stability.")
  var stableFeatures: String?

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

  @Option(help: "Column of the patient, whose cases stay together (default: group, patient).")
  var groupColumn: String?

  @Option(help: "Name of the model (default: from train.yaml, otherwise the folder's).")
  var name: String?

  @Option(
    help: "Creation time in the bundle, ISO 8601 UTC (default: SOURCE_DATE_EPOCH, otherwise 1970-01-01T00:00:00Z).")
  var created: String?

  @Option(help: "Number of threads (default: one per processor).")
  var threads: Int?

  @Flag(help: "Replace an existing bundle.")
  var force = false

  @Flag(help: "Print a JSON object.")
  var json = false

  func validate() throws {
    try ThreadCount.validate(threads)
    guard !features.isEmpty else { throw ValidationError("--features needs a table") }
    if let model, PipelineSpecification.Classifier.Kind(rawValue: model) == nil {
      throw ValidationError("--model is mlp, lr or rf")
    }
    if let components, SearchSpace.components(components) == nil {
      throw ValidationError("--components is a number, a share between 0 and 1, or none")
    }
    if let split, split != "none", Double(split).map({ $0 > 0 && $0 < 1 }) != true {
      throw ValidationError("--split is none or a share between 0 and 1")
    }
    if let cv, Self.plan(cv) == nil { throw ValidationError("--cv is REPEATSxFOLDS, for example 10x5") }
    if let permutations, !(0...100_000).contains(permutations) {
      throw ValidationError("--permutations is a number from 0 to 100000")
    }
    if let splitSeeds, !(0...10_000).contains(splitSeeds) {
      throw ValidationError("--split-seeds is a number from 0 to 10000")
    }
    if let created, !CreationTime.isValid(created) {
      throw ValidationError("--created is a time such as 2026-11-23T09:00:00Z")
    }
  }

  func run() throws {
    let output = trimmed(output)
    try TrainingRun.checkPlaces(output: output, report: report, replaces: force)
    var source = LabelledCohort.Source(features: features, labels: labels)
    (source.idColumn, source.labelColumn, source.groupColumn) = (idColumn, labelColumn, groupColumn)
    (source.positive, source.matchesNames, source.allowsUnmatched) = (positive, matchNames, allowUnmatched)
    var training = TrainingRun(
      source: source, configuration: try settings(), output: output, threads: ThreadCount.resolve(threads))
    (training.profile, training.schema, training.stableFeatures) = (profile, schema, stableFeatures)
    (training.crossValidates, training.report) = (cv != nil, report.map(trimmed))
    training.plan.permutations = permutations ?? training.plan.permutations
    training.plan.splitSeeds = splitSeeds ?? training.plan.splitSeeds
    (training.replaces, training.created) = (force, created)
    let progress = ProgressBar()
    let fitted = try training.fit(
      note: { StandardError.write("radiomicsd: note: \($0.escapedForLine)\n") },
      progress: { progress.show($0, $1, $2) })
    progress.end()
    try tell(try training.freeze(fitted), fitted, output)
  }

  private func settings() throws -> TrainingConfiguration {
    var settings = try config.map { try TrainingConfiguration(contentsOf: $0) } ?? TrainingConfiguration()
    if let model { settings.kind = PipelineSpecification.Classifier.Kind(rawValue: model) ?? settings.kind }
    if let components { settings.space.components = [SearchSpace.components(components)?.components] }
    if let seed { (settings.seed, settings.plan.seed) = (seed, seed) }
    if let cv, let plan = Self.plan(cv) {
      (settings.plan.repeats, settings.plan.folds) = plan
      if split == nil { settings.trainingShare = nil }
    }
    if let split { settings.trainingShare = split == "none" ? nil : Double(split) }
    var isOfFolder = false
    if let name {
      settings.name = name
    } else if settings.name == TrainingConfiguration().name {
      let folder = trimmed(output).split(separator: "/").last.map(String.init) ?? settings.name
      settings.name = folder.hasSuffix(".bundle") ? String(folder.dropLast(7)) : folder
      isOfFolder = true
    }
    try check(settings, isOfFolder: isOfFolder)
    return settings
  }

  /// Refuses an invalid name or version of a bundle, before anything is fitted.
  private func check(_ settings: TrainingConfiguration, isOfFolder: Bool) throws {
    let rule = "1 to 64 letters (a to z), digits, '.', '_' or '-', a letter or digit first"
    guard BundleManifest.isName(settings.name) else {
      if isOfFolder {
        throw ValidationError(
          "the model would be called \(settings.name.escapedForLine), after the folder; its name must be \(rule): give one "
            + "with --name, or another --output")
      }
      if name != nil { throw ValidationError("--name must be \(rule)") }
      throw StudyError(.trainConfiguration, "the name of the model must be \(rule)", file: config, hint: "correct name")
    }
    guard BundleManifest.isVersion(settings.version) else {
      throw StudyError(
        .trainConfiguration, "the version must be three numbers, such as 1.2.0 or 1.2.0-rc1", file: config,
        hint: "correct version")
    }
  }

  private func tell(_ bundle: ModelBundle, _ fitted: TrainingRun.Fitted, _ output: String) throws {
    let (findings, evaluation) = (fitted.findings, fitted.evaluation)
    if json {
      let object: JSONValue = [
        "bundle": .string(output), "name": .string(bundle.manifest.name), "version": .string(bundle.manifest.version),
        "sha256": .string(bundle.id), "evaluation": evaluation?.json(includingCases: false) ?? findings.document,
        "notice": .string(Notice.researchUse),
      ]
      print(object.text(.compact))
      return
    }
    print("bundle       \(output.escapedForLine)")
    print(
      "model        \(bundle.manifest.name.escapedForLine) \(bundle.manifest.version.escapedForLine) (\(bundle.id))")
    for line in findings.lines { print("             \(line)") }
    if let evaluation, let report {
      print("report       \(trimmed(report).escapedForLine)/report.html")
      for line in evaluation.summary { print(line.escapedForLine) }
    }
    print(bundle.manifest.demonstration ? Notice.demonstration : Notice.researchUse)
  }

  private func trimmed(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  static func plan(_ text: String) -> (repeats: Int, folds: Int)? {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let repeats = parts[0], let folds = parts[1], (1...1000).contains(repeats),
      (2...100).contains(folds)
    else { return nil }
    return (repeats, folds)
  }
}
