import Imaging
import Radiomics

/// Features of an image and a mask, without the study around them.
func pairFeatures(_ image: Volume, _ mask: Mask, _ profile: String) throws -> [String: Double] {
  let extraction = try Extractor(profile: .named(profile), threads: 2).extract(image: image, mask: mask)
  return Dictionary(uniqueKeysWithValues: extraction.features.map { ($0.name, $0.value) })
}
