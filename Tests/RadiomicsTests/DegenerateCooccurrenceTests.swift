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

  @Test("Where rounding decides a feature of a degenerate matrix, it decides as in PyRadiomics", arguments: cases)
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

/// Directions that weigh next to nothing: `weightingNorm` across thick slices makes products of probabilities smaller than
/// PyRadiomics' ε, which then decides MCC (without it two parts of the region that share no pair of levels give 1) and Imc1.
///
/// Values of PyRadiomics 3.0.1 by Tests/Oracles/weighted_directions.py, which describes the region.
@Suite struct WeightedDirectionTests {
  struct Case: Sendable {
    /// Distance of slices in mm.
    var spacing: Double
    var norm: String
    var binWidth: Double
    var symmetrical: Bool
    var mcc: Double
    var imc1: Double
    var imc2: Double
  }

  static let cases = [
    Case(
      spacing: 2.5, norm: "euclidean", binWidth: 10, symmetrical: true, mcc: 0.9999993238249467,
      imc1: -0.4572651961356793, imc2: 0.9958706559014541),
    Case(
      spacing: 4, norm: "manhattan", binWidth: 10, symmetrical: true, mcc: 0.928088319287576,
      imc1: -0.5090203549038752, imc2: 0.9976164525183845),
    Case(
      spacing: 4, norm: "manhattan", binWidth: 10, symmetrical: false, mcc: 0.9901797807661449,
      imc1: -0.6814374933020586, imc2: 0.9996043975497786),
    Case(
      spacing: 5, norm: "euclidean", binWidth: 25, symmetrical: true, mcc: 0.9077278959105227,
      imc1: -0.4202642325278932, imc2: 0.9913703791651144),
    Case(
      spacing: 5, norm: "euclidean", binWidth: 25, symmetrical: false, mcc: 0.9832245460059224,
      imc1: -0.6059617953650763, imc2: 0.9985508564895137),
    Case(
      spacing: 6, norm: "infinity", binWidth: 60, symmetrical: false, mcc: 0.9783582097213986,
      imc1: -0.6018083883333648, imc2: 0.9965398635237781),
    Case(
      spacing: 6, norm: "euclidean", binWidth: 150, symmetrical: true, mcc: 0.8812352167134861,
      imc1: -0.38149347506658543, imc2: 0.9495837253476865),
    Case(
      spacing: 6, norm: "euclidean", binWidth: 300, symmetrical: false, mcc: 0.9397863063698908,
      imc1: -0.5458169911243761, imc2: 0.9588462661286592),
  ]

  @Test("PyRadiomics' epsilon outweighs very small probabilities, with the same result", arguments: cases)
  func epsilonOutweighsProbabilitiesAsInPyRadiomics(_ wanted: Case) throws {
    let geometry = SyntheticImage.geometry(SyntheticImage.size, spacing: Vector3(0.75, 0.8, wanted.spacing))
    var mask = Mask(geometry: geometry, voxels: [UInt8](repeating: 0, count: geometry.count))
    func fill(_ x: StrideTo<Int>, _ y: StrideTo<Int>, _ z: ClosedRange<Int>) {
      for k in z { for j in y { for i in x { mask.voxels[geometry.offset(i, j, k)] = 1 } } }
    }
    fill(stride(from: 8, to: 17, by: 1), stride(from: 6, to: 12, by: 1), 4...4)
    fill(stride(from: 8, to: 17, by: 2), stride(from: 6, to: 12, by: 2), 3...3)
    fill(stride(from: 9, to: 17, by: 2), stride(from: 7, to: 12, by: 2), 5...5)
    fill(stride(from: 2, to: 8, by: 2), stride(from: 13, to: 18, by: 2), 6...7)
    let profile = try ExtractionProfile(
      parsing: """
        featureClass: {glcm: [MCC, Imc1, Imc2]}
        setting: {binWidth: \(wanted.binWidth), symmetricalGLCM: \(wanted.symmetrical), weightingNorm: \(wanted.norm)}
        """, name: "t")
    let numbers = try Extractor(profile: profile, threads: 2).extract(
      image: SyntheticImage.int16(geometry), mask: mask
    ).numbers
    #expect(abs(try #require(numbers["original_glcm_MCC"]) - wanted.mcc) <= 1e-9)
    #expect(abs(try #require(numbers["original_glcm_Imc1"]) - wanted.imc1) <= 1e-9)
    #expect(abs(try #require(numbers["original_glcm_Imc2"]) - wanted.imc2) <= 1e-9)
  }
}
