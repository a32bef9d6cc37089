import Imaging
import Radiomics
import Testing

/// Values from PyRadiomics 3.1.0's `imageoperations.getLoGImage` with SimpleITK 2.5.7 on the same images. They depend on
/// the C library's `exp`, `sin` and `cos`, whose last bit may differ elsewhere: hence a tolerance.
struct LoGTests {
  struct Expected: Sendable {
    var sigma: Double
    var single: Bool
    /// Values of voxels (0, 0, 0), (11, 7, 4) and (22, 18, 8).
    var values: [Double]
    /// Sum of all magnitudes.
    var sum: Double
  }

  static let cases = [
    Expected(sigma: 2, single: false, values: [150.04292, -459.73016, -138.92856], sum: 832083.6721616392),
    Expected(sigma: 4.5, single: false, values: [324.91437, -223.81514, -46.537178], sum: 510994.1553523885),
    Expected(sigma: 2, single: true, values: [55.51588, -170.10016, -51.40357], sum: 307870.9588044912),
    Expected(sigma: 4.5, single: true, values: [120.21831, -82.8116, -17.218754], sum: 189067.83739262354),
  ]

  @Test("Values equal SimpleITK's", arguments: cases)
  func valuesMatchSimpleITK(_ expected: Expected) throws {
    let image = expected.single ? SyntheticImage.float32() : SyntheticImage.int16()
    let result = try #require(image.laplacianOfGaussian(sigma: expected.sigma))
    #expect(result.pixelType == .float32)
    #expect(result.geometry == image.geometry)
    let places = [(0, 0, 0), (11, 7, 4), (22, 18, 8)]
    for ((x, y, z), value) in zip(places, expected.values) {
      #expect(abs(result.voxels[result.geometry.offset(x, y, z)] - value) <= 1e-6 * abs(value))
    }
    let sum = result.voxels.doubles.reduce(0) { $0 + abs($1) }
    #expect(abs(sum - expected.sum) <= 1e-7 * expected.sum)
  }

  @Test("A box of the result equals the box cut out of the whole result")
  func boxEqualsCropOfWholeResult() throws {
    let image = SyntheticImage.int16()
    let whole = try #require(image.laplacianOfGaussian(sigma: 3))
    for box in [
      BoundingBox(lower: SIMD3(3, 2, 1), size: SIMD3(17, 9, 5)),
      BoundingBox(lower: SIMD3(22, 18, 8), size: SIMD3(1, 1, 1)),
      BoundingBox(lower: SIMD3(0, 0, 0), size: SIMD3(8, 19, 2)),
    ] {
      let part = try #require(image.laplacianOfGaussian(sigma: 3, box: box))
      #expect(part == whole.cropped(to: box))
    }
  }

  @Test("The number of threads changes nothing", arguments: [2, 3, 5])
  func threadsChangeNothing(_ threads: Int) {
    let image = SyntheticImage.float64()
    #expect(image.laplacianOfGaussian(sigma: 2.5) == image.laplacianOfGaussian(sigma: 2.5, threads: threads))
  }

  @Test("Images too small for the filter or for sigma are skipped, as PyRadiomics does")
  func tooSmallImagesAreSkipped() {
    let thin = SyntheticImage.int16(SyntheticImage.geometry(SIMD3(23, 19, 3)))
    #expect(thin.laplacianOfGaussian(sigma: 1) == nil)
    // 9 slices of 3.25 mm: sigma may be at most 8 spacings.
    #expect(SyntheticImage.int16().laplacianOfGaussian(sigma: 8 * 0.8) != nil)
    #expect(SyntheticImage.int16().laplacianOfGaussian(sigma: 22.1 * 0.75) == nil)
    #expect(SyntheticImage.int16().laplacianOfGaussian(sigma: 0) == nil)
    #expect(SyntheticImage.int16().laplacianOfGaussian(sigma: .nan) == nil)
  }

  @Test("A constant image has no edges")
  func constantImageHasNoEdges() throws {
    let image = Volume(
      geometry: SyntheticImage.geometry(SIMD3(10, 9, 8)), int16: [Int16](repeating: -1000, count: 720))
    let result = try #require(image.laplacianOfGaussian(sigma: 2))
    #expect(result.voxels.doubles.allSatisfy { abs($0) < 1e-3 })
  }
}
