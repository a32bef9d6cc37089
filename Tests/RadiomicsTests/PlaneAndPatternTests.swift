import Errors
import Foundation
import Imaging
import Radiomics
import TestKit
import Testing

/// Two-dimensional shape and local binary patterns.
@Suite struct PlaneAndPatternTests {
  private static func fixture(_ name: String) throws -> [String: Double] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
    return try Parity.reference(folder.appendingPathComponent(name).path)
  }

  private func features(_ profile: String, _ image: Volume, _ mask: Mask) throws -> [String: Double] {
    let extractor = Extractor(profile: try ExtractionProfile(parsing: profile, name: "p"), threads: 2)
    let features = try extractor.extract(image: image, mask: mask).features
    return Dictionary(uniqueKeysWithValues: features.map { ($0.name, $0.value) })
  }

  private static let all = """
    setting: {force2D: true, additionalInfo: false}
    featureClass:
      shape2D: [Elongation, MajorAxisLength, MaximumDiameter, MeshSurface, MinorAxisLength, Perimeter,
        PerimeterSurfaceRatio, PixelSurface, Sphericity, SphericalDisproportion]
    """

  /// PyRadiomics 3.0.1 on the same arrays.
  @Test("Features of one slice agree with PyRadiomics")
  func oneSliceMatchesPyRadiomics() throws {
    var mask = SyntheticImage.mask(z: 4..<5)
    mask.label = 1
    let ours = try features(Self.all, SyntheticImage.int16(), mask)
    let reference = try Self.fixture("pyradiomics-shape2D.json")
    #expect(ours.count == reference.count)
    #expect(Parity.failures(ours, reference).isEmpty)
  }

  /// Three by two pixels of 1 mm: an octagon whose corners are cut by half a pixel.
  @Test("A rectangle has the values that were computed by hand")
  func rectangleHasHandComputedValues() throws {
    let grid = Geometry(size: SIMD3(5, 4, 1))
    var mask = Mask(geometry: grid, voxels: [UInt8](repeating: 0, count: 20))
    for y in 1...2 { for x in 1...3 { mask.voxels[grid.offset(x, y, 0)] = 1 } }
    let ours = try features(Self.all, Volume(geometry: grid, int16: (0..<20).map { Int16($0) }), mask)
    func value(_ name: String) -> Double { ours["original_shape2D_\(name)"] ?? .nan }
    #expect(abs(value("Perimeter") - (6 + 2 * 2.0.squareRoot())) < 1e-12)
    #expect(abs(value("MeshSurface") - 5.5) < 1e-12)
    #expect(value("PixelSurface") == 6)
    #expect(abs(value("MaximumDiameter") - 10.0.squareRoot()) < 1e-12)
    // Variances of {0, 1, 2} and {0, 1}.
    #expect(abs(value("MajorAxisLength") - 4 * (2.0 / 3).squareRoot()) < 1e-12)
    #expect(abs(value("MinorAxisLength") - 2) < 1e-12)
  }

  @Test("shape2D refuses a region in several slices")
  func shape2DRefusesSeveralSlices() throws {
    let error = #expect(throws: StudyError.self) {
      _ = try features(Self.all, SyntheticImage.int16(), SyntheticImage.mask())
    }
    #expect(error?.code == .shape2D)
  }

  /// PyRadiomics 3.0.1 with scikit-image 0.24, scipy 1.14 and trimesh 5.2 on the same arrays.
  @Test("LBP2D and LBP3D agree with PyRadiomics")
  func binaryPatternsMatchPyRadiomics() throws {
    let profile = """
      imageType:
        LBP2D: {binWidth: 1}
        LBP3D: {binWidth: 0.5, lbp3DLevels: 3}
      featureClass:
        firstorder: [Mean, Variance, Entropy, Skewness, Maximum]
        glcm: [Contrast, JointEntropy]
      """
    let ours = try features(profile, SyntheticImage.int16(), SyntheticImage.mask())
    let reference = try Self.fixture("pyradiomics-lbp.json")
    #expect(ours.count == reference.count)
    #expect(Parity.failures(ours, reference).isEmpty)
  }

  @Test("An image that does not fit into memory is refused, with the estimate")
  func oversizedImageIsRefusedWithEstimate() throws {
    let profile = try ExtractionProfile(parsing: "setting: {binWidth: 1}", name: "p")
    let error = #expect(throws: StudyError.self) {
      _ = try Extractor(profile: profile, threads: 1, memoryLimit: 100_000)
        .extract(image: SyntheticImage.int16(), mask: SyntheticImage.mask())
    }
    #expect(error?.code == .memoryEstimate)
    #expect(error?.details["limit"] == "100000")
  }

  @Test("A bin width that is lost in rounding beside large values does not trap")
  func lostBinWidthDoesNotTrap() throws {
    let grid = SyntheticImage.geometry(SyntheticImage.size)
    let image = Volume(geometry: grid, float64: [Double](repeating: 1e20, count: grid.count))
    let ours = try features("setting: {binWidth: 1}", image, SyntheticImage.mask())
    #expect(ours["original_firstorder_Entropy"].map { abs($0) < 1e-9 } == true)
  }
}
