import Errors
import Foundation
import Imaging
import Radiomics
import Testing

/// Flat regions, voxels without neighbours, numbers beyond the largest, and patterns among equal neighbours: cases in which
/// the last bit, or an empty sum, decides PyRadiomics' value.
///
/// Values of PyRadiomics 3.0.1 (NumPy 1.26, scipy 1.14) by Tests/Oracles/degenerate_regions.py, which has the images' formulas.
@Suite struct DegenerateRegionTests {
  private struct Case: Decodable {
    var image: String
    var mask: String
    var profile: String
    var features: [String: Double]
  }

  static let names = [
    "flat integers", "flat reals whose mean is another number", "flat negative reals", "voxels without neighbours",
    "voxels without neighbours, weighted", "squares beyond the largest number", "float32 values at a threshold",
    "float32 values within deviations", "LBP3D, normalised", "LBP3D, float32",
  ]

  private static func cases() throws -> [String: Case] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/pyradiomics-degenerate.json")
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try decoder.decode([String: Case].self, from: Data(contentsOf: file))
  }

  private static let grid = SyntheticImage.geometry(SyntheticImage.size)

  private static func ramp() -> [Int] {
    let size = SyntheticImage.size
    var values: [Int] = []
    for z in 0..<size.z {
      for y in 0..<size.y {
        for x in 0..<size.x { values.append(37 * x + 91 * y + 53 * z + x * y * z) }
      }
    }
    return values
  }

  private static func image(_ name: String) throws -> Volume {
    let coarse = ramp().map { $0 / 9 % 6 }
    switch name {
    case "seven": return Volume(geometry: grid, int16: [Int16](repeating: 7, count: grid.count))
    case "tenth": return Volume(geometry: grid, float64: [Double](repeating: 0.1, count: grid.count))
    case "third": return Volume(geometry: grid, float64: [Double](repeating: -1.0 / 3, count: grid.count))
    case "huge": return Volume(geometry: grid, float64: ramp().map { Double($0) * 1e297 })
    case "coarse": return Volume(geometry: grid, int16: coarse.map { Int16($0) })
    default:
      try #require(name == "coarse tenths")
      return Volume(
        geometry: grid, pixelType: .float32, voxels: .float32(coarse.map { Float(Double($0) * 0.1) }))
    }
  }

  private static func mask(_ name: String) -> Mask {
    if name == "box" { return SyntheticImage.mask() }
    var voxels = [UInt8](repeating: 0, count: grid.count)
    for place in [SIMD3(2, 2, 2), SIMD3(15, 8, 6), SIMD3(3, 12, 4)] {
      voxels[grid.offset(place.x, place.y, place.z)] = 1
    }
    return Mask(geometry: grid, voxels: voxels)
  }

  private static func features(_ image: Volume, _ mask: Mask, _ profile: String) throws -> [String: Double] {
    try Extractor(profile: try ExtractionProfile(parsing: profile, name: "p"), threads: 2)
      .extract(image: image, mask: mask).numbers.filter { !$0.key.hasPrefix("diagnostics_") }
  }

  /// No absolute tolerance: -3.2e-16 is not 0, and infinity is not "no number".
  @Test("Degenerate regions give PyRadiomics' values", arguments: names)
  func degenerateRegionsMatchPyRadiomics(_ name: String) throws {
    let wanted = try #require(try Self.cases()[name])
    let ours = try Self.features(try Self.image(wanted.image), Self.mask(wanted.mask), wanted.profile)
    #expect(ours.count == wanted.features.count)
    for (feature, value) in wanted.features {
      let mine = try #require(ours[feature])
      #expect(
        value.isNaN ? mine.isNaN : mine == value || abs(mine - value) <= 1e-9 * abs(value),
        "\(feature): \(mine), PyRadiomics \(value)")
    }
  }

  @Test("The entropy of a flat region includes PyRadiomics' epsilon")
  func flatRegionEntropyIncludesEpsilon() throws {
    let ours = try Self.features(
      try Self.image("seven"), Self.mask("box"), "featureClass: {glcm: [DifferenceEntropy, SumEntropy]}")
    #expect(ours["original_glcm_DifferenceEntropy"].map { abs($0 + 3.2034265038149176e-16) < 1e-30 } == true)
    #expect(ours["original_glcm_SumEntropy"].map { abs($0 + 3.2034265038149176e-16) < 1e-30 } == true)
  }

  /// A range that is no number: PyRadiomics fails in numpy's histogram.
  @Test(
    "A value range wider than the largest finite number is refused",
    arguments: ["binCount: 16", "binWidth: 25", "binCount: 16, voxelArrayShift: 1000"])
  func overflowingValueRangeIsRefused(_ setting: String) throws {
    let values = (0..<Self.grid.count).map { $0 % 2 == 0 ? 1.7e308 : -1.7e308 }
    let error = #expect(throws: StudyError.self) {
      _ = try Self.features(Volume(geometry: Self.grid, float64: values), Self.mask("box"), "setting: {\(setting)}")
    }
    #expect(error?.code == .tooManyGreyLevels)
  }

  @Test("A voxel inside the region that is not finite is refused", arguments: [Double.nan, .infinity, -.infinity])
  func nonFiniteVoxelInRegionIsRefused(_ odd: Double) throws {
    var values = Self.ramp().map(Double.init)
    values[Self.grid.offset(10, 8, 4)] = odd
    let error = #expect(throws: StudyError.self) {
      _ = try Self.features(Volume(geometry: Self.grid, float64: values), Self.mask("box"), "setting: {binCount: 8}")
    }
    #expect(error?.code == .notFinite)
  }

  @Test("A voxel outside the region that is not finite changes no feature")
  func nonFiniteVoxelOutsideRegionIsIgnored() throws {
    var values = Self.ramp().map(Double.init)
    let profile = "setting: {binCount: 8}"
    let clean = try Self.features(Volume(geometry: Self.grid, float64: values), Self.mask("box"), profile)
    values[0] = .nan
    values[1] = .infinity
    let ours = try Self.features(Volume(geometry: Self.grid, float64: values), Self.mask("box"), profile)
    #expect(ours == clean)
  }
}
