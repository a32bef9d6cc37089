import ArgumentParser
import Errors
import Imaging
import Radiomics
import Report
import Study

/// `radiomicsd extract`: features of an image and a mask.
struct ExtractCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extract",
    abstract: "Compute the features of a region in an image.",
    discussion: """
      Reads an image and a label map on the same grid and prints features with PyRadiomics 3.1.0's names, order and \
      numbers. Files are taken in their own storage order, as PyRadiomics takes them.

      JSON: {"features": {name: number}, "diagnostics": {...}}. CSV: one row; with the profile jiao2024 its 975 columns.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case json, csv }

  @Option(help: "Image (.nii, .nii.gz).")
  var image: String

  @Option(help: "Label map on the image's grid (.nii, .nii.gz).")
  var mask: String

  @Option(help: "Label of the region (default: the only one there is).")
  var label: Int?

  @Option(help: "A built-in profile (jiao2024, ctu-982) or a PyRadiomics parameter file.")
  var profile = "jiao2024"

  @Option(help: "json or csv.")
  var format = Format.json

  @Option(name: .shortAndLong, help: "File to write (default: standard output).")
  var output: String?

  @Option(help: "Threads to use (default: one a processor).")
  var threads: Int?

  @Flag(help: "Show an error as a JSON object.")
  var json = false

  func validate() throws { try ThreadCount.validate(threads) }

  func run() throws {
    let profile = try ExtractionProfile.named(profile)
    let volume = try NIfTIReader.read(image)
    let labels = try NIfTIReader.read(mask)
    // The profile's label counts where it says something: PyRadiomics' default of 1 is what every file has left unsaid.
    let choice =
      label.map(LabelChoice.label) ?? (profile.settings.label == 1 ? .single : .label(profile.settings.label))
    let placed = try placeMask(labelVolume: labels, choice: choice, on: volume.geometry, file: mask)
    for note in placed.notes { StandardError.write("radiomicsd: note: \(note)\n") }

    let extractor = Extractor(profile: profile, threads: ThreadCount.resolve(threads))
    let extraction = try extractor.extract(image: volume, mask: placed.mask)
    let bytes: [UInt8]
    switch format {
    case .json: bytes = FeaturesDocument(extraction).json.fileBytes()
    case .csv:
      let columns = extraction.columns(of: profile)
      var table = FeatureTable(columns: columns.map(\.name))
      table.append(
        FeatureTable.Row(
          study: image, series: image, roi: mask, label: placed.mask.label, values: columns.map(\.value)))
      bytes = table.csvBytes()
    }
    try Output.write(bytes, to: output)
  }
}
