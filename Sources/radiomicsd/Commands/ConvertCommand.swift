import ArgumentParser
import DICOM
import Errors
import Files
import Imaging
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

  @Argument(help: "Folder with the series, at any depth and with any file names; or an archive (.zip, .tar, .tar.gz).")
  var source: String

  @Option(name: .shortAndLong, help: "NIfTI file to write (.nii or .nii.gz).")
  var output: String

  @Option(help: "SeriesInstanceUID, or UID#part, where the folder contains several CT series or phases.")
  var series: String?

  @Option(help: "Mask to place on the series' grid: RTSTRUCT, SEG, NIfTI, NRRD or MetaImage.")
  var mask: String?

  @Option(help: "NIfTI file for the mask.")
  var maskOutput: String?

  @OptionGroup var region: RegionOptions

  @Option(help: "Number of threads (default: one per processor).")
  var threads: Int?

  @Flag(help: "Show an error as a JSON object.")
  var json = false

  func validate() throws {
    try ThreadCount.validate(threads)
    guard (mask == nil) == (maskOutput == nil) else {
      throw ValidationError("--mask and --mask-output must be given together")
    }
  }

  func run() throws {
    for path in [output, maskOutput].compactMap({ $0 }) { try OutputPath.requireFile(path) }
    let threads = ThreadCount.resolve(threads)
    let folder = try StudyFolder(source)
    defer { folder.discard() }
    let (chosen, all) = try SeriesChoice.only(in: folder, uid: series, threads: threads)
    let stack = try checkGeometry(chosen)
    let loaded = try loadVolume(stack, threads: threads)
    var notes = loaded.warnings
    var converted: Mask?
    if let mask {
      let read = try readRegion(
        mask, request: RegionRequest(name: region.roi, segment: region.segment, askedLabel: region.label),
        series: chosen, stack: stack, among: all)
      notes += read.notes
      converted = read.mask
    }
    for dropped in stack.dropped {
      StandardError.write(
        "radiomicsd: note: left out \(dropped.file.display.escapedForLine) (\(dropped.reason.rawValue))\n")
    }
    for note in notes { StandardError.write("radiomicsd: note: \(note)\n") }
    try NIfTIWriter.write(loaded.volume, to: output, threads: threads)
    if let converted, let maskOutput { try NIfTIWriter.write(converted, to: maskOutput, threads: threads) }
  }
}
