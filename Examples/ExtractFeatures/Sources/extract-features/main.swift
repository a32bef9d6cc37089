// Prints the features of a region as CSV, one line per feature:
//
//     extract-features IMAGE MASK [PROFILE]      NIfTI, NRRD or MetaImage; PROFILE: jiao2024, or a parameter file

import Foundation
import RadiomicsKit

func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

let arguments = CommandLine.arguments
guard (3...4).contains(arguments.count) else {
  say("usage: extract-features IMAGE MASK [PROFILE]")
  exit(64)
}

do {
  let profile = arguments.count == 4 ? arguments[3] : "jiao2024"
  let settings: ExtractionSettings = profile == "jiao2024" ? .jiao2024 : try ExtractionSettings(contentsOf: profile)
  let image = try Volume(contentsOf: arguments[1])
  let mask = try Mask(contentsOf: arguments[2], on: image)
  let features = try Extractor(settings: settings).extract(image: image, mask: mask)
  say("\(mask.count) voxels, \(mask.volume / 1000) ml, \(features.count) features")
  for feature in features { print("\(feature.name),\(feature.value)") }
} catch {
  // One line: code, what happened, file, what to do.
  say("\(error)")
  exit(65)
}
