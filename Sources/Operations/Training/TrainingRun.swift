internal import Documents
internal import Errors
package import Evaluation
internal import Files
internal import Glibc
package import Model
internal import Radiomics
package import Training

/// A model fitted on tables of features and labels, and frozen as a bundle: the work of `radiomicsd train`.
///
/// In two steps, so that a caller may end its progress display between them: `fit` reads and computes, `freeze` writes.
package struct TrainingRun {
  /// The tables, and the meaning of their columns. Features and profile are filled in.
  package var source: LabelledCohort.Source
  package var configuration: TrainingConfiguration
  /// Profile with which the features were extracted: a built-in name or a file.
  package var profile = ExtractionProfile.defaultName
  /// File with the names of the features to use, in order.
  package var schema: String?
  /// File with the names of the features to keep.
  package var stableFeatures: String?
  /// Cross-validates even where no report is wanted.
  package var crossValidates = false
  /// Folder for the report; nil for none.
  package var report: String?
  package var plan = ModelExperiment.Plan()
  /// Folder of the bundle.
  package var output: String
  /// An older bundle is removed once the new one is installed.
  package var replaces = false
  /// Creation time in the bundle; nil takes `SOURCE_DATE_EPOCH`, otherwise 1970.
  package var created: String?
  package var threads: Int

  package init(
    source: LabelledCohort.Source, configuration: TrainingConfiguration, output: String, threads: Int
  ) {
    self.source = source
    self.configuration = configuration
    self.output = output
    self.threads = threads
  }

  /// The fitted model, not yet on disk.
  package struct Fitted {
    package let model: TrainedModel
    package let findings: Findings
    /// Folder of the report, where one is wanted.
    package let evaluation: Evaluation?
    fileprivate let leaks: [LabelLeak]
    fileprivate let extraction: ExtractionProfile
  }

  /// Refuses places that cannot be written, before anything is read.
  ///
  /// - Throws: `E_BUNDLE_EXISTS`, `E_OUTPUT_KIND`.
  package static func checkPlaces(output: String, report: String?, replaces: Bool) throws {
    if let report { try OutputPath.requireFolder(report) }
    if !replaces, access(output, F_OK) == 0 {
      throw StudyError(
        .bundleExists, "there is something already where the bundle is to be written", file: output,
        hint: "choose another name, or --force to replace it")
    }
  }

  /// - Parameters:
  ///   - note: called with notes for the user, one sentence each, which may contain text of the tables.
  ///   - progress: the stage, the steps done, and their number.
  /// - Throws: the errors of the tables' readers, `LabelledCohort` and `TrainedModel`.
  package func fit(
    note: (String) -> Void = { _ in }, progress: @escaping @Sendable (String, Int, Int) -> Void = { _, _, _ in }
  ) throws -> Fitted {
    try Self.checkPlaces(output: output, report: report, replaces: replaces)
    let extraction = try ExtractionProfile.named(profile)
    var source = source
    if let schema { source.schema = try FeatureList.names(in: schema) }
    if let stableFeatures { source.kept = Set(try FeatureList.names(in: stableFeatures)) }
    source.profile = extraction.sha256
    source.allowsMissing = configuration.space.imputation != nil
    let (cohort, notes) = try LabelledCohort.read(source)
    for text in notes { note(text) }
    let leaks = try cohort.requireNoLeak(allowed: configuration.allowedLeaks)
    for leak in leaks { note(leak.description) }

    let model = try TrainedModel.train(cohort, configuration, threads: threads, progress: progress)
    let crossValidation =
      crossValidates || report != nil
      ? try CrossValidation(model, threads: threads) { progress("cross-validation", $0, $1) } : nil
    let evaluation =
      report == nil ? nil : try evaluate(model, crossValidation, leaks, source, progress)
    return Fitted(
      model: model, findings: Findings(model, crossValidation), evaluation: evaluation, leaks: leaks,
      extraction: extraction)
  }

  private func evaluate(
    _ model: TrainedModel, _ crossValidation: CrossValidation?, _ leaks: [LabelLeak], _ source: LabelledCohort.Source,
    _ progress: @escaping @Sendable (String, Int, Int) -> Void
  ) throws -> Evaluation {
    var results = try ModelExperiment.run(
      model, crossValidation: crossValidation, plan: plan, threads: threads, progress: progress)
    results.provenance += try TableDigests.facts(features: source.features, labels: source.labels)
    results.provenance += leaks.map { Fact("Feature like the label, allowed", $0.description) }
    return Evaluation(results)
  }

  /// Writes the bundle, completely or not at all, then the report.
  ///
  /// - Throws: the errors of `BundleRelease`, `E_IO`.
  package func freeze(_ fitted: Fitted) throws -> ModelBundle {
    var release = TrainedModel.Release(
      created: try created ?? CreationTime.ofEnvironment(), profile: Array(fitted.extraction.text.utf8),
      profileName: fitted.extraction.name)
    release.findings = fitted.findings.lines + fitted.leaks.map(\.description)
    // A bundle is passed on: it contains the measures and curves, and of single cases only what curves need.
    release.evaluation =
      fitted.evaluation?.json(includingCases: false).fileBytes() ?? fitted.findings.document.fileBytes()
    let bundle = try BundleRelease.write(fitted.model.bundle(release), to: output, replacing: replaces)
    if let evaluation = fitted.evaluation, let report { try evaluation.write(to: report) }
    return bundle
  }
}
