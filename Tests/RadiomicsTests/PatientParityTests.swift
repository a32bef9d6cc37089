import Imaging
import Radiomics
import TestKit
import Testing

/// Real patients against PyRadiomics 3.1.0: every feature of both profiles.
@Suite(.enabled(if: SharedData.isPresent, "real patients' data are not beside this checkout"))
struct PatientParityTests {
  private static let cases = ["STS_002", "STS_008", "STS_010", "STS_014", "STS_019", "STS_037"]

  @Test(arguments: cases, ["jiao2024", "ctu-982"])
  func everyFeatureAgrees(_ name: String, _ profile: String) throws {
    let folder = SharedData.path("data/cases/\(name)")
    let image = try NIfTIReader.read(folder + "/image.nii.gz")
    let (mask, _) = try placeMask(labelVolume: NIfTIReader.read(folder + "/mask.nii.gz"), on: image.geometry)
    let extraction = try Extractor(profile: .named(profile), threads: 1).extract(image: image, mask: mask)
    let reference = try Parity.reference(folder + "/reference/\(profile).json")
    let ours = Dictionary(uniqueKeysWithValues: extraction.features.map { ($0.name, $0.value) })
    #expect(ours.count == reference.count)
    #expect(Parity.failures(ours, reference).isEmpty)
  }

  @Test(arguments: ["b_bincount32_res2_linear", "c_exampleCT"], ["STS_008", "STS_019"])
  func otherParameterFilesAgree(_ profile: String, _ name: String) throws {
    let folder = SharedData.path("data/cases/\(name)")
    let image = try NIfTIReader.read(folder + "/image.nii.gz")
    let (mask, _) = try placeMask(labelVolume: NIfTIReader.read(folder + "/mask.nii.gz"), on: image.geometry)
    let file = SharedData.path("data/variants/\(profile).yaml")
    let extraction = try Extractor(profile: .named(file), threads: 2).extract(image: image, mask: mask)
    let reference = try Parity.reference(SharedData.path("data/variants/\(profile)_\(name).json"))
    let ours = Dictionary(uniqueKeysWithValues: extraction.features.map { ($0.name, $0.value) })
    #expect(Parity.failures(ours, reference).isEmpty)
  }
}
