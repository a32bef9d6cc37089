import Imaging
import Radiomics
import Testing

/// Regions where the last bit of a sum decides PyRadiomics' value: a direction of two independent levels has an eigenvalue
/// of ±1e-17, and one whose rows are of one level has a standard deviation of 0 or of 1e-16.
///
/// Values of PyRadiomics 3.0.1 (NumPy 1.26.4), bin width 1, symmetricalGLCM false.
@Suite struct DegenerateCooccurrenceTests {
  struct Case: Sendable {
    /// Slices, rows, columns.
    var shape: (z: Int, y: Int, x: Int)
    var levels: [Int16]
    /// Of two levels; the eigenvalues of larger matrices hang on the kernels of the linear algebra library.
    var mcc: Double?
    var correlation: Double
  }

  static let cases = [
    Case(
      shape: (2, 3, 2), levels: [1, 1, 1, 1, 0, 0, 0, 1, 1, 0, 1, 0], mcc: 0.3055555561764371,
      correlation: 0.23076923076923078),
    Case(
      shape: (3, 3, 3),
      levels: [0, 1, 1, 1, 1, 1, 0, 1, 0, 0, 1, 1, 1, 1, 1, 0, 1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0],
      mcc: 0.23277413612602837, correlation: -0.01125399500101679),
    Case(
      shape: (3, 2, 3), levels: [0, 0, 1, 2, 1, 0, 1, 1, 1, 0, 1, 0, 1, 1, 1, 0, 0, 0], mcc: nil,
      correlation: -0.020580742065928283),
    Case(
      shape: (3, 2, 3), levels: [1, 1, 1, 1, 2, 1, 1, 1, 2, 0, 1, 1, 1, 1, 1, 2, 0, 1], mcc: nil,
      correlation: 0.15046394145719486),
  ]

  @Test(arguments: cases)
  func roundingDecidesAsInPyRadiomics(_ wanted: Case) throws {
    let (z, y, x) = wanted.shape
    let geometry = Geometry(size: SIMD3(x + 2, y + 2, z + 2), spacing: Vector3(1, 1, 1))
    var values = [Int16](repeating: 0, count: geometry.count)
    var inside = [UInt8](repeating: 0, count: geometry.count)
    for (n, level) in wanted.levels.enumerated() {
      let place = geometry.offset(n % x + 1, n / x % y + 1, n / (x * y) + 1)
      values[place] = level
      inside[place] = 1
    }
    let profile = try ExtractionProfile(
      parsing: "featureClass: {glcm: [MCC, Correlation]}\nsetting: {binWidth: 1, symmetricalGLCM: false}", name: "t")
    let numbers = try Extractor(profile: profile, threads: 2).extract(
      image: Volume(geometry: geometry, int16: values), mask: Mask(geometry: geometry, voxels: inside)
    ).numbers
    if let mcc = wanted.mcc { #expect(abs(try #require(numbers["original_glcm_MCC"]) - mcc) <= 1e-9) }
    #expect(abs(try #require(numbers["original_glcm_Correlation"]) - wanted.correlation) <= 1e-9)
  }
}
