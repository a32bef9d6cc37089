import ArgumentParser
import Files
import Operations
import Study

/// `radiomicsd convert`: DICOM (and a mask) to NIfTI.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Convert a DICOM CT series, and its mask, to NIfTI.",
    discussion: """
      The volume is in HU: int16 where every value is a whole number, float32 otherwise. Wrong geometry (a gap, a tilted \
      gantry, two patients) is refused, never repaired.
      """)

  @Argument(help: "Folder with the series, at any depth and by any file names; or an archive (.zip, .tar, .tar.gz).")
  var source: String

  @Option(name: .shortAndLong, help: "NIfTI file to write (.nii or .nii.gz).")
  var output: String

  @Option(help: "SeriesInstanceUID, or UID#part, where the folder holds several CT series or phases.")
  var series: String?

  @Option(help: "Mask to put onto the series' grid: RTSTRUCT, SEG, NIfTI, NRRD or MetaImage.")
  var mask: String?

  @Option(help: "NIfTI file to write the mask to.")
  var maskOutput: String?

  @OptionGroup var region: RegionOptions

  @Option(help: "Threads to use (default: one a processor).")
  var threads: Int?

  @Flag(help: "Show an error as a JSON object.")
  var json = false

  func validate() throws {
    try ThreadCount.validate(threads)
    guard (mask == nil) == (maskOutput == nil) else {
      throw ValidationError("--mask and --mask-output go together")
    }
  }

  func run() throws {
    for path in [output, maskOutput].compactMap({ $0 }) { try OutputPath.requireFile(path) }
    let threads = ThreadCount.resolve(threads)
    let conversion = try Conversion(
      source, series: series, mask: mask,
      region: RegionRequest(name: region.roi, segment: region.segment, askedLabel: region.label), threads: threads)
    for note in conversion.notes { StandardError.write("radiomicsd: note: \(note)\n") }
    try conversion.write(to: output, maskTo: maskOutput, threads: threads)
  }
}
