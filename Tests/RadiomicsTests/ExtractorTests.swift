import Errors
import Imaging
import Radiomics
import TestKit
import Testing

@Suite struct ExtractorTests {
  private func profile(_ text: String) throws -> ExtractionProfile { try ExtractionProfile(parsing: text, name: "t") }

  /// A ball of noise in noise, with slices thicker than pixels.
  private func ball(_ size: Int = 24) -> (Volume, Mask) {
    let geometry = Geometry(
      size: SIMD3(size, size, size / 2), spacing: Vector3(0.9, 0.9, 3), origin: Vector3(-40, 12, 7))
    var state: UInt64 = 7
    var values: [Int16] = []
    var inside: [UInt8] = []
    for offset in 0..<geometry.count {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let x = Double(offset % size - size / 2)
      let y = Double(offset / size % size - size / 2)
      let z = 2 * Double(offset / (size * size) - size / 4)
      let r = (x * x + y * y + z * z).squareRoot()
      values.append(Int16(40 + Int(state >> 57) - (r > Double(size) / 3 ? 900 : 0)))
      inside.append(r < Double(size) / 3.2 ? 1 : 0)
    }
    return (Volume(geometry: geometry, int16: values), Mask(geometry: geometry, voxels: inside))
  }

  @Test("The number of threads changes no bit of a feature", arguments: ["jiao2024", "ctu-982"])
  func bitsDoNotDependOnThreads(_ name: String) throws {
    let (image, mask) = ball()
    let profile = try ExtractionProfile.named(name)
    let one = try Extractor(profile: profile, threads: 1).extract(image: image, mask: mask)
    for threads in [2, 3, 8] {
      let many = try Extractor(profile: profile, threads: threads).extract(image: image, mask: mask)
      #expect(many.features.map(\.name) == one.features.map(\.name))
      #expect(many.features.map(\.value.bitPattern) == one.features.map(\.value.bitPattern))
      #expect(many.diagnostics == one.diagnostics)
    }
  }

  @Test("The number of threads changes no bit of any image type's features")
  func imageTypeBitsDoNotDependOnThreads() throws {
    let (image, mask) = ball(16)
    let profile = try profile(
      """
      imageType: {Original: {}, LoG: {sigma: [1.5, 3]}, Wavelet: {level: 2}, Square: {}, SquareRoot: {}, Logarithm: {},
        Exponential: {}, Gradient: {}, LBP2D: {}, LBP3D: {}}
      setting: {normalize: true, normalizeScale: 100, resampledPixelSpacing: [0.8, 0.8, 2], binCount: 16, distances: [1, 2]}
      """)
    let one = try Extractor(profile: profile, threads: 1).extract(image: image, mask: mask)
    #expect(Set(one.features.map { $0.name.split(separator: "_")[0] }).count > 20)
    for threads in [2, 3, 8] {
      let many = try Extractor(profile: profile, threads: threads).extract(image: image, mask: mask)
      #expect(many.features.map(\.name) == one.features.map(\.name))
      #expect(many.features.map(\.value.bitPattern) == one.features.map(\.value.bitPattern))
      #expect(many.diagnostics == one.diagnostics)
    }
  }

  @Test("Each profile gives its number of columns")
  func profilesGiveTheirColumnCounts() throws {
    let (image, mask) = ball()
    for (name, features, columns) in [("jiao2024", 960, 975), ("ctu-982", 982, 982)] {
      let profile = try ExtractionProfile.named(name)
      let extraction = try Extractor(profile: profile, threads: 2).extract(image: image, mask: mask)
      #expect(extraction.features.count == features)
      #expect(extraction.columns(of: profile).count == columns)
      #expect(Set(extraction.columns(of: profile).map(\.name)).count == columns)
    }
  }

  @Test("A flat region gives PyRadiomics' values")
  func flatRegionMatchesPyRadiomics() throws {
    let geometry = Geometry(size: SIMD3(6, 5, 4))
    let image = Volume(geometry: geometry, int16: [Int16](repeating: 50, count: geometry.count))
    let mask = Mask(geometry: geometry, voxels: [UInt8](repeating: 1, count: geometry.count))
    let values = try Extractor(profile: profile(""), threads: 1).extract(image: image, mask: mask).numbers
    // From PyRadiomics 3.0.1 on the same array.
    #expect(values["original_firstorder_Variance"] == 0)
    #expect(values["original_firstorder_Kurtosis"] == 0)
    #expect(values["original_glcm_Correlation"] == 1)
    #expect(values["original_glcm_MCC"] == 1)
    #expect(abs(values["original_glcm_JointEntropy"]!) < 1e-12)
    #expect(values["original_glcm_Imc2"] == 0)
    #expect(values["original_ngtdm_Coarseness"] == 1_000_000)
    #expect(values["original_glszm_LargeAreaEmphasis"] == 14400)
  }

  @Test("A region of one voxel's thickness has no texture direction across it")
  func flatSlabHasNoDirectionAcross() throws {
    let geometry = Geometry(size: SIMD3(5, 5, 3))
    let image = Volume(geometry: geometry, int16: (0..<75).map { Int16($0 * 37 % 11) })
    let mask = Mask(geometry: geometry, voxels: (0..<75).map { (25..<50).contains($0) ? 1 : 0 })
    let profile = try profile("setting:\n  binWidth: 1\n")
    let extraction = try Extractor(profile: profile, threads: 1).extract(image: image, mask: mask)
    #expect(extraction.numbers["original_shape_LeastAxisLength"] == 0)
    #expect(extraction.features.allSatisfy { $0.value.isFinite })
  }

  @Test("Regions that are too small are refused")
  func tooSmallRegionsAreRefused() throws {
    let geometry = Geometry(size: SIMD3(4, 4, 4))
    let image = Volume(geometry: geometry, int16: (0..<64).map { Int16($0) })
    let extractor = Extractor(profile: try profile("setting:\n  minimumROISize: 8\n"), threads: 1)
    func codes(_ inside: Set<Int>) -> String? {
      let mask = Mask(geometry: geometry, voxels: (0..<64).map { inside.contains($0) ? 1 : 0 })
      do {
        _ = try extractor.extract(image: image, mask: mask)
        return nil
      } catch { return (error as? StudyError)?.code.name }
    }
    #expect(codes([]) == "E_ROI_VANISHED")
    #expect(codes([21]) == "E_ROI_TOO_SMALL")
    #expect(codes([20, 21, 22]) == "E_ROI_TOO_SMALL")
    #expect(codes(Set(20..<28)) == "E_ROI_TOO_SMALL")
    #expect(codes(Set(16..<32)) == nil)
  }

  @Test("Images with values that are not finite are refused")
  func nonFiniteValuesAreRefused() throws {
    let geometry = Geometry(size: SIMD3(4, 4, 4))
    var values = [Double](repeating: 1, count: 64)
    values[5] = .nan
    let mask = Mask(geometry: geometry, voxels: [UInt8](repeating: 1, count: 64))
    let extractor = Extractor(profile: try profile(""), threads: 2)
    #expect(throws: StudyError.self) {
      try extractor.extract(image: Volume(geometry: geometry, float64: values), mask: mask)
    }
  }

  @Test("Too many grey levels are refused before memory is allocated")
  func tooManyLevelsAreRefusedBeforeAllocation() throws {
    let geometry = Geometry(size: SIMD3(4, 4, 4))
    let image = Volume(geometry: geometry, float64: (0..<64).map { Double($0) * 1e9 })
    let mask = Mask(geometry: geometry, voxels: [UInt8](repeating: 1, count: 64))
    let extractor = Extractor(profile: try profile("setting:\n  binWidth: 0.001\n"), threads: 2)
    do {
      _ = try extractor.extract(image: image, mask: mask)
      Issue.record("accepted")
    } catch let error as StudyError { #expect(error.code == .tooManyGreyLevels) }
  }
}
