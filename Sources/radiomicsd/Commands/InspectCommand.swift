import Archive
import ArgumentParser
import Configuration
import Documents
import Errors
import Study

/// `radiomicsd inspect`: the contents of a study's folder and the pair that would be computed, without computing.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show the contents of a study's folder, and why it is paired or refused.",
    discussion: """
      Lists series with their geometry, masks with their regions, and which series and region would be computed. Ends \
      with 0 also where the study would be refused: the reason is part of the answer.
      """)

  @Argument(help: "The study's folder, or an archive (.zip, .tar, .tar.gz) of it.")
  var folder: String

  @Option(help: "Configuration file for region and phase.")
  var config: String?

  @Option(help: "The mask's file, relative to the study, as for process.")
  var mask: String?

  @OptionGroup var region: RegionOptions

  @Option(help: "Number of threads (default: one per processor).")
  var threads: Int?

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    try ThreadCount.validate(threads)
  }

  func run() throws {
    let settings = try config.map { try Configuration.load($0) } ?? Configuration()
    let inspection = try StudyInspection(
      folder: folder,
      region: RegionRequest(
        configured: settings.roi, name: region.roi, segment: region.segment, askedLabel: region.label),
      phase: settings.phase, choices: StudyChoices(mask: mask), archives: ArchiveLimits(settings),
      threads: ThreadCount.resolve(threads))
    let bytes =
      json ? inspection.json.fileBytes() : Array((inspection.lines.joined(separator: "\n") + "\n").utf8)
    try Output.write(bytes, to: nil)
  }
}
