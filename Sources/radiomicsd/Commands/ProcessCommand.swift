import Archive
import ArgumentParser
import Configuration
import Documents
import Errors
import Operations
import Study

/// `radiomicsd process`: one study, now.
struct ProcessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "process",
    abstract: "Compute one study folder now, without the daemon.",
    discussion: """
      Reads a folder with a DICOM CT series and the tumour's mask (RTSTRUCT, SEG, or a label map on the series' grid: NIfTI, NRRD, MetaImage), and writes \
      result.json, features.csv, features.json, image.nii.gz, mask.nii.gz and manifest.json (last) into DIR. \
      Research use only. Not for diagnosis.
      """)

  @Argument(help: "The study's folder, or an archive (.zip, .tar, .tar.gz) of it.")
  var study: String

  @Option(name: .shortAndLong, help: "Folder for the result; it is created, and must contain no result unless --force.")
  var output: String

  @Option(help: "Configuration file for model, profile and region.")
  var config: String?

  @Option(help: "Folder of the model bundle.")
  var model: String?

  @Option(help: "A built-in profile (jiao2024, ctu-982) or a PyRadiomics parameter file (default: the model's).")
  var profile: String?

  @Option(help: "The mask's file, relative to the study, where there are several; it overrides study.yaml.")
  var mask: String?

  @OptionGroup var region: RegionOptions

  @Option(help: "Number of threads (default: one per processor).")
  var threads: Int?

  @Flag(help: "Replace an existing result.")
  var force = false

  @Flag(help: "Print the result, or an error, as JSON.")
  var json = false

  func validate() throws {
    try ThreadCount.validate(threads)
  }

  func run() throws {
    let settings = try config.map { try Configuration.load($0) } ?? Configuration()
    let wanted = RegionRequest(
      configured: settings.roi, name: region.roi, segment: region.segment, askedLabel: region.label)
    let folder = OutputFolder(path: output)
    try folder.prepare(force: force)
    let request = StudyRequest(
      study: StudyName.of(study), input: study, output: output, model: model ?? settings.model,
      policy: try ModelPolicy(settings), profile: profile ?? settings.profile, region: wanted, phase: settings.phase,
      window: settings.window, language: settings.reportLanguage, choices: StudyChoices(mask: mask),
      archives: ArchiveLimits(settings), threads: ThreadCount.resolve(threads))
    let bar = ProgressBar()
    do {
      try computeStudy(request) { stage, share in bar.show(stage.rawValue, share) }
    } catch {
      bar.end()
      folder.discard()
      throw error
    }
    bar.end()
    try ResultSummary.print(output, asJSON: json)
  }
}
