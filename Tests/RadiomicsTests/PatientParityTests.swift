import Foundation
import Imaging
import Radiomics
import TestKit
import Testing

/// Real patients against PyRadiomics 3.1.0: every feature of both profiles.
@Suite(.enabled(if: SharedData.isPresent, "real patients' data are not beside this checkout"))
struct PatientParityTests {
  private static let cases = ["STS_002", "STS_008", "STS_010", "STS_014", "STS_019", "STS_037"]

  @Test("Every feature of the real patients agrees with PyRadiomics", arguments: cases, ["jiao2024", "ctu-982"])
  func patientFeaturesMatchPyRadiomics(_ name: String, _ profile: String) throws {
    let folder = SharedData.path("data/cases/\(name)")
    let image = try NIfTIReader.read(folder + "/image.nii.gz")
    let (mask, _) = try placeMask(labelVolume: NIfTIReader.read(folder + "/mask.nii.gz"), on: image.geometry)
    let extraction = try Extractor(profile: .named(profile), threads: 1).extract(image: image, mask: mask)
    let reference = try Parity.reference(folder + "/reference/\(profile).json")
    let ours = Dictionary(uniqueKeysWithValues: extraction.features.map { ($0.name, $0.value) })
    #expect(ours.count == reference.count)
    #expect(Parity.failures(ours, reference).isEmpty)
  }

  @Test(
    "Other parameter files agree with PyRadiomics too", arguments: ["b_bincount32_res2_linear", "c_exampleCT"],
    ["STS_008", "STS_019"])
  func otherParameterFilesMatchPyRadiomics(_ profile: String, _ name: String) throws {
    let folder = SharedData.path("data/cases/\(name)")
    let image = try NIfTIReader.read(folder + "/image.nii.gz")
    let (mask, _) = try placeMask(labelVolume: NIfTIReader.read(folder + "/mask.nii.gz"), on: image.geometry)
    let file = SharedData.path("data/variants/\(profile).yaml")
    let extraction = try Extractor(profile: .named(file), threads: 2).extract(image: image, mask: mask)
    let reference = try Parity.reference(SharedData.path("data/variants/\(profile)_\(name).json"))
    let ours = Dictionary(uniqueKeysWithValues: extraction.features.map { ($0.name, $0.value) })
    #expect(Parity.failures(ours, reference).isEmpty)
  }

  /// Hashes, sizes, boxes, centres and intensities of the original and the resampled pair.
  @Test("Every diagnostic column agrees with PyRadiomics", arguments: cases)
  func diagnosticsMatchPyRadiomics(_ name: String) throws {
    let folder = SharedData.path("data/cases/\(name)")
    let image = try NIfTIReader.read(folder + "/image.nii.gz")
    let (mask, _) = try placeMask(labelVolume: NIfTIReader.read(folder + "/mask.nii.gz"), on: image.geometry)
    let extraction = try Extractor(profile: .named("jiao2024"), threads: 1).extract(image: image, mask: mask)
    let file = URL(fileURLWithPath: folder + "/reference/jiao2024.diagnostics.json")
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
    let reference = try #require(object).filter { $0.key.contains("-original_") || $0.key.contains("-interpolated_") }
    #expect(reference.count == 30)
    let ours = Dictionary(uniqueKeysWithValues: extraction.diagnostics.map { ($0.name, $0.value) })
    for (column, wanted) in reference {
      let value = try #require(ours[column], "\(column)")
      let numbers: [Double]
      switch value {
      case .number(let number): numbers = [number]
      case .integer(let integer): numbers = [Double(integer)]
      case .numbers(let list): numbers = list
      case .integers(let list): numbers = list.map(Double.init)
      case .text(let text):
        #expect(text == wanted as? String, "\(column)")
        continue
      }
      let list = (wanted as? [NSNumber] ?? [wanted as? NSNumber].compactMap { $0 }).map(\.doubleValue)
      #expect(numbers.count == list.count, "\(column)")
      for (a, b) in zip(numbers, list) { #expect(abs(a - b) <= 1e-9 * max(1, abs(b)), "\(column): \(a), \(b)") }
    }
  }
}
