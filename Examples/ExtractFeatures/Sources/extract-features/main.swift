// Prints the features of a region as CSV, a line for each:
//
//     extract-features IMAGE MASK [PROFILE]      NIfTI, NRRD or MetaImage; PROFILE: jiao2024, or a parameter file

import Glibc
import RadiomicsKit

guard (3...4).contains(CommandLine.arguments.count) else {
  fputs("usage: extract-features IMAGE MASK [PROFILE]\n", stderr)
  exit(64)
}
let profile = CommandLine.arguments.count == 4 ? CommandLine.arguments[3] : "jiao2024"

do {
  let settings: ExtractionSettings = profile == "jiao2024" ? .jiao2024 : try ExtractionSettings(contentsOf: profile)
  let image = try Volume(contentsOf: CommandLine.arguments[1])
  let mask = try Mask(contentsOf: CommandLine.arguments[2], on: image)
  let features = try Extractor(settings: settings).extract(image: image, mask: mask)
  fputs("\(mask.count) voxels, \(mask.volume / 1000) ml, \(features.count) features\n", stderr)
  for feature in features { print("\(feature.name),\(feature.value)") }
} catch let error as RadiomicsError {
  // One line: code, what happened, file, what to do.
  fputs("\(error)\n", stderr)
  exit(65)
}
