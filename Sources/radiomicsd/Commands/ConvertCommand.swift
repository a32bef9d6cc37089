import ArgumentParser
import DICOM
import Errors
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

  @Argument(help: "Folder with the series, at any depth and by any file names.")
  var source: String

  @Option(name: .shortAndLong, help: "NIfTI file to write (.nii or .nii.gz).")
  var output: String

  @Option(help: "SeriesInstanceUID, where the folder holds several CT series.")
  var series: String?

  @Option(help: "Label map to put onto the series' grid.")
  var mask: String?

  @Option(help: "NIfTI file to write the mask to.")
  var maskOutput: String?

  @Option(help: "Label of the region in the mask (default: the only one there is).")
  var label: Int?

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
    let threads = ThreadCount.resolve(threads)
    let stack = try checkGeometry(try SeriesChoice.only(in: source, uid: series, threads: threads))
    let loaded = try loadVolume(stack, threads: threads)
    var notes = loaded.warnings
    var region: Mask?
    if let mask {
      let placed = try placeMask(
        labelVolume: try NIfTIReader.read(mask), choice: label.map(LabelChoice.label) ?? .single,
        on: loaded.volume.geometry, file: mask)
      notes += placed.notes
      region = placed.mask
    }
    for dropped in stack.dropped {
      StandardError.write(
        "radiomicsd: note: left out \(dropped.file.display.escapedForLine) (\(dropped.reason.rawValue))\n")
    }
    for note in notes { StandardError.write("radiomicsd: note: \(note)\n") }
    try NIfTIWriter.write(loaded.volume, to: output, threads: threads)
    if let region, let maskOutput { try NIfTIWriter.write(region, to: maskOutput, threads: threads) }
  }
}
