import Errors
import Foundation
import Imaging
import Radiomics
import Study
import TestKit
import Testing

/// Images of two dimensions give PyRadiomics' numbers, `force2Ddimension` counting the axes of what was read.
@Suite struct PlaneImageTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try write("image.nrrd") { x, y in (7 * x * x + 13 * y * y + 5 * x * y) % 97 }
    try write("mask.nrrd") { x, y in 4 * (x - 9) * (x - 9) + 5 * (y - 8) * (y - 8) < 150 ? 1 : 0 }
  }

  private func write(_ name: String, _ value: (Int, Int) -> Int) throws {
    let values = (0..<16).flatMap { y in (0..<20).map { UInt8(value($0, y)) } }
    let header =
      "NRRD0004\ntype: uchar\ndimension: 2\nspace dimension: 2\nsizes: 20 16\nspace directions: (0.7,0) (0,0.8)\n"
      + "kinds: domain domain\nencoding: raw\nspace origin: (0,0)\n\n"
    try Data(Array(header.utf8) + values).write(to: URL(fileURLWithPath: folder(name)))
  }

  private func features(_ settings: String, imageTypes: String = "Original: {}") throws -> [String: Double] {
    let profile = try ExtractionProfile(
      parsing: "setting: {binWidth: 10\(settings)}\nimageType: {\(imageTypes)}\nfeatureClass: {shape: , shape2D: , "
        + "firstorder: , glcm: , glrlm: , gldm: , ngtdm: }", name: "p")
    let input = try ExtractionInput(
      image: folder("image.nrrd"), mask: folder("mask.nrrd"), label: nil, profile: profile)
    let extraction = try Extractor(profile: input.profile, threads: 1).extract(
      image: try input.image, mask: input.mask, uncorrected: input.uncorrected)
    return Dictionary(
      extraction.columns(of: input.profile).map { ($0.name, $0.value) }, uniquingKeysWith: { a, _ in a })
  }

  /// PyRadiomics 3.1.0 with SimpleITK 2.5 of the same arrays as int16 images of two dimensions.
  @Test(
    "Features of images of two dimensions equal PyRadiomics'",
    arguments: [
      (", force2D: true", [16.63, 3.850408945787616, 4.094391666728583, 0.9976381672177611]),
      (
        ", force2D: true, force2Ddimension: 1",
        [17.571428571428573, 3.534582272560887, 3.659244138039252, 1.1047472838923007]
      ),
      ("", [17.369506079027353, 3.6483436356420937, 4.436200781393349, 0.9426232089434735]),
    ]) func planeFeaturesMatchPyRadiomics(settings: String, expected: [Double]) throws
  {
    let found = try features(settings)
    let names = ["glcm_Contrast", "glrlm_RunEntropy", "gldm_DependenceEntropy", "ngtdm_Busyness"]
    for (name, value) in zip(names, expected) {
      #expect(try abs(#require(found["original_" + name]) / value - 1) < 1e-6, "\(name)")
    }
    #expect(try abs(#require(found["original_firstorder_Entropy"]) / 3.217431577374514 - 1) < 1e-6)
    #expect(try abs(#require(found["original_shape2D_Perimeter"]) / 29.6822041378285 - 1) < 1e-6)
    #expect(!found.keys.contains { $0.hasPrefix("original_shape_") })
  }

  @Test("Requests that need three axes are refused", arguments: ["Wavelet: {}", "LoG: {sigma: [1.0]}", "LBP3D: {}"])
  func threeAxisRequestsAreRefused(imageTypes: String) throws {
    let error = try #require(throws: StudyError.self) { try features(", force2D: true", imageTypes: imageTypes) }
    #expect(error.code.name == "E_PROFILE" && error.message.contains("two dimensions"))
  }
}
