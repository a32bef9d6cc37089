internal import ArgumentParser
import Foundation
internal import Errors
internal import Imaging
internal import Radiomics
internal import Report

struct ExtractCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extract",
    abstract: "Compute the features of a region in an image.",
    discussion: """
      Reads a NIfTI image and a label map on the same grid and prints PyRadiomics' features, in the order and with the \
      names and numbers of PyRadiomics 3.1.0. Files are taken in their own order; nothing is resampled but by the profile.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case json, csv }

  @Option(help: "Image (.nii, .nii.gz).")
  var image: String

  @Option(help: "Label map on the image's grid (.nii, .nii.gz).")
  var mask: String

  @Option(help: "Label of the region (default: the profile's, or the only one there is).")
  var label: Int?

  @Option(help: "Built-in profile (jiao2024, ctu-982) or a PyRadiomics parameter file.")
  var profile: String = "jiao2024"

  @Option(help: "json or csv.")
  var format: Format = .json

  @Option(name: .shortAndLong, help: "File to write (default: standard output).")
  var output: String?

  @Option(help: "Threads to use (default: all processors).")
  var threads: Int?

  @Flag(help: "Print an error as a JSON object.")
  var json = false

  func run() throws {
    let volume = try NIfTIReader.read(image)
    let labels = try NIfTIReader.read(mask)
    let region = Mask(geometry: volume.geometry, voxels: labels.voxels.doubles.map { $0 != 0 ? 1 : 0 })
    let text = try String(contentsOfFile: profile)
    let extractor = Extractor(
      profile: try ExtractionProfile(parsing: text, name: profile), threads: threads ?? 2)
    let extraction = try extractor.extract(image: volume, mask: region)
    var features = JSONObject()
    for f in extraction.features { features.append(f.name, .number(f.value)) }
    var diagnostics = JSONObject()
    for d in extraction.diagnostics { diagnostics.append(d.name, .string("\(d.value)")) }
    let value: JSONValue = ["features": .object(features), "diagnostics": .object(diagnostics)]
    print(value.text())
  }
}
