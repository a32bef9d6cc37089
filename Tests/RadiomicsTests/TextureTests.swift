import Foundation
import Imaging
import Radiomics
import Testing

/// The fast texture matrices against plain loops, on small random volumes with holes.
@Suite struct TextureTests {
  /// A random volume and region; grey levels equal values + 1 with bin width 1, since voxel 0 holds the smallest value.
  private func random(_ seed: UInt64, size: SIMD3<Int>, levels: Int) -> (Volume, Mask, NaiveTexture) {
    var state = seed
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let count = size.x * size.y * size.z
    var values = (0..<count).map { _ in Int16(next(levels) * next(2)) }
    var inside = (0..<count).map { _ in UInt8(next(5) == 0 ? 0 : 1) }
    (values[0], inside[0], inside[count - 1]) = (0, 1, 1)
    let geometry = Geometry(size: size, spacing: Vector3(0.8, 1.1, 2.5))
    return (
      Volume(geometry: geometry, int16: values), Mask(geometry: geometry, voxels: inside),
      NaiveTexture(size: size, levels: (0..<count).map { inside[$0] == 0 ? 0 : Int(values[$0]) + 1 })
    )
  }

  private func extract(_ image: Volume, _ mask: Mask, _ settings: String = "") throws -> [String: Double] {
    let text = "setting:\n  binWidth: 1\n" + settings
    return try Extractor(profile: ExtractionProfile(parsing: text, name: "t"), threads: 2)
      .extract(image: image, mask: mask).numbers
  }

  private static let shapes: [(UInt64, SIMD3<Int>, Int)] = [
    (1, SIMD3(7, 6, 5), 4), (2, SIMD3(12, 3, 9), 9), (3, SIMD3(20, 17, 4), 40), (4, SIMD3(9, 9, 1), 5),
    (5, SIMD3(2, 15, 15), 300), (6, SIMD3(30, 2, 2), 3),
  ]

  @Test("Co-occurrence counts equal a naive implementation's", arguments: shapes)
  func cooccurrenceMatchesNaiveCounts(_ seed: UInt64, _ size: SIMD3<Int>, _ levels: Int) throws {
    let (image, mask, naive) = random(seed, size: size, levels: levels)
    let ours = try extract(image, mask)
    let matrices = NaiveTexture.directions.map(naive.cooccurrence).filter { !$0.isEmpty }
    func mean(_ value: ([SIMD2<Int>: Double]) -> Double) -> Double {
      matrices.map(value).reduce(0, +) / Double(matrices.count)
    }
    func check(_ name: String, _ value: ([SIMD2<Int>: Double]) -> Double) {
      let wanted = mean(value)
      #expect(abs(ours["original_glcm_" + name]! - wanted) <= 1e-9 * max(1, abs(wanted)), "\(name)")
    }
    check("Contrast") { $0.reduce(0) { $0 + Double(($1.key.x - $1.key.y) * ($1.key.x - $1.key.y)) * $1.value } }
    check("Autocorrelation") { $0.reduce(0) { $0 + Double($1.key.x * $1.key.y) * $1.value } }
    check("JointEntropy") { entropy($0.values) }
    check("JointEnergy") { $0.values.reduce(0) { $0 + $1 * $1 } }
    check("Idm") { $0.reduce(0) { $0 + $1.value / Double(1 + ($1.key.x - $1.key.y) * ($1.key.x - $1.key.y)) } }
    check("ClusterShade") { p in
      let mean = p.reduce(0) { $0 + Double($1.key.x) * $1.value }
      return p.reduce(0) { $0 + pow(Double($1.key.x + $1.key.y) - 2 * mean, 3) * $1.value }
    }
    check("Imc1") { p in
      var marginal: [Int: Double] = [:]
      for (key, value) in p { marginal[key.x, default: 0] += value }
      let hx = entropy(marginal.values)
      return hx == 0 ? 0 : (entropy(p.values) - 2 * hx) / hx
    }
    check("SumEntropy") { p in
      var sums: [Int: Double] = [:]
      for (key, value) in p { sums[key.x + key.y, default: 0] += value }
      return entropy(sums.values)
    }
  }

  @Test("Run-length counts equal a naive implementation's", arguments: shapes)
  func runsMatchNaiveCounts(_ seed: UInt64, _ size: SIMD3<Int>, _ levels: Int) throws {
    let (image, mask, naive) = random(seed, size: size, levels: levels)
    let ours = try extract(image, mask)
    let matrices = NaiveTexture.directions.filter { abs($0.z) < size.z && abs($0.y) < size.y && abs($0.x) < size.x }
      .map(naive.runs)
    func check(_ name: String, _ value: ([SIMD2<Int>: Double]) -> Double) {
      let wanted = matrices.map(value).reduce(0, +) / Double(matrices.count)
      #expect(abs(ours["original_glrlm_" + name]! - wanted) <= 1e-9 * max(1, abs(wanted)), "\(name)")
    }
    check("RunEntropy") { entropy($0.values) }
    check("LongRunHighGrayLevelEmphasis") { p in
      p.reduce(0) { $0 + $1.value * pow(Double($1.key.x * $1.key.y), 2) } / p.values.reduce(0, +)
    }
    check("ShortRunEmphasis") { p in
      p.reduce(0) { $0 + $1.value / pow(Double($1.key.y), 2) } / p.values.reduce(0, +)
    }
    check("RunPercentage") { p in p.values.reduce(0, +) / Double(naive.voxels.count) }
  }

  @Test("Zone and dependence counts equal a naive implementation's", arguments: shapes)
  func zonesAndDependencesMatchNaiveCounts(_ seed: UInt64, _ size: SIMD3<Int>, _ levels: Int) throws {
    let (image, mask, naive) = random(seed, size: size, levels: levels)
    let ours = try extract(image, mask, "  gldm_a: 1\n")
    let zones = naive.zones()
    let zoneCount = zones.values.reduce(0, +)
    #expect(abs(ours["original_glszm_ZoneEntropy"]! - entropy(zones.values)) < 1e-9)
    #expect(abs(ours["original_glszm_ZonePercentage"]! - zoneCount / Double(naive.voxels.count)) < 1e-12)
    let area = zones.reduce(0) { $0 + $1.value * pow(Double($1.key.y), 2) } / zoneCount
    #expect(abs(ours["original_glszm_LargeAreaEmphasis"]! - area) <= 1e-9 * area)

    for (tolerance, values) in [(1, ours), (0, try extract(image, mask))] {
      let dependences = naive.dependences(tolerance: tolerance)
      #expect(abs(values["original_gldm_DependenceEntropy"]! - entropy(dependences.values)) < 1e-9)
      let large =
        dependences.reduce(0) { $0 + $1.value * pow(Double($1.key.y), 2) } / Double(naive.voxels.count)
      #expect(abs(values["original_gldm_LargeDependenceEmphasis"]! - large) <= 1e-9 * large)
    }
  }
}
