import Documents
import Errors
import Foundation
import Imaging
import Radiomics
import Research
import TestKit
import Testing

@Suite struct StabilityTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for number in 1...4 { try write(number, radius: 4 + Double(number)) }
  }

  /// A ball of a value and a size of its own in a textured block.
  private func write(_ number: Int, radius: Double, contrast: Int? = nil) throws {
    let size = SIMD3(32, 32, 8)
    let geometry = Geometry(size: size, spacing: Vector3(1, 1, 3), origin: Vector3(0, 0, 0), direction: .identity)
    var values = [Int16](repeating: 0, count: geometry.count)
    var inside = [Int16](repeating: 0, count: geometry.count)
    for z in 0..<8 {
      for y in 0..<32 {
        for x in 0..<32 {
          let at = x + 32 * (y + 32 * z)
          let (dx, dy, dz) = (Double(x) - 15.5, Double(y) - 15.5, 3 * (Double(z) - 3.5))
          let isIn = dx * dx + dy * dy + dz * dz <= radius * radius
          inside[at] = isIn ? 1 : 0
          values[at] = Int16((isIn ? contrast ?? 100 * number : 0) + (x * 7 + y * 13 + z * 29) % 31)
        }
      }
    }
    try NIfTIWriter.write(Volume(geometry: geometry, int16: values), to: folder("i\(number).nii.gz"))
    try NIfTIWriter.write(Volume(geometry: geometry, int16: inside), to: folder("m\(number).nii.gz"))
  }

  private func stability(
    _ numbers: [Int] = [1, 2, 3, 4], contours: Int = 2, seed: UInt64 = 1, jobs: Int = 2, label: Int? = nil
  ) throws -> StabilityReport {
    let profile = try ExtractionProfile(
      parsing:
        "setting: {binWidth: 10}\nfeatureClass: {firstorder: [Mean, Median, Minimum], shape: [VoxelVolume, Elongation]}",
      name: "p")
    return Stability(
      cases: numbers.map {
        Stability.Case(image: folder("i\($0).nii.gz"), mask: folder("m\($0).nii.gz"), label: label)
      },
      profile: profile, perturbations: MaskPerturbation.standard(contours: contours, acrossSlices: false), seed: seed,
      jobs: jobs, threads: 1, memoryLimit: nil
    ).run { _, _ in }
  }

  @Test("Stable features are distinguished from unstable ones")
  func stableFeaturesAreIdentified() throws {
    let report = try stability()
    #expect(report.cases == 4 && report.leftOut.isEmpty)
    #expect(report.perturbations.count == 9 && report.perturbations.first == "original")
    func feature(_ name: String) throws -> StabilityReport.Feature {
      try #require(report.features.first { $0.name == "original_\(name)" })
    }
    // A plateau's median hardly depends on where the edge is drawn; its minimum does as soon as the background is in.
    let median = try feature("firstorder_Median")
    let minimum = try feature("firstorder_Minimum")
    #expect(median.agreement! > 0.95 && minimum.agreement! < median.agreement!)
    #expect(median.agreementInterval!.lower < median.agreement! && median.agreement! <= median.agreementInterval!.upper)
    let stable = report.stable(threshold: 0.75, byEstimate: false)
    #expect(stable.contains("original_firstorder_Median") && !stable.contains("original_firstorder_Minimum"))
    let list = String(decoding: report.list(stable, threshold: 0.75, byEstimate: false), as: UTF8.self)
    #expect(list.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init) == stable)
    let table = try CSVTable(bytes: report.csv(stable: Set(stable)))
    #expect(table.rows.map { $0["feature"] } == report.features.map(\.name))
    for (row, feature) in zip(table.rows, report.features) {
      let numbers: [(String, Double?)] = [
        ("icc2_1", feature.agreement), ("icc2_1_low", feature.agreementInterval?.lower),
        ("icc2_1_high", feature.agreementInterval?.upper), ("icc3_1", feature.consistency),
        ("icc3_1_low", feature.consistencyInterval?.lower), ("icc3_1_high", feature.consistencyInterval?.upper),
        ("median_variation", feature.variation), ("cases", 4), ("ratings", 9),
      ]
      for (name, value) in numbers { #expect(row[name].flatMap(Double.init) == value, "\(feature.name) \(name)") }
      #expect(row["stable"] == (stable.contains(feature.name) ? "yes" : "no"))
      #expect(table.header.count == numbers.count + 2)
    }
  }

  @Test("The same seed gives the same bytes for any number of parallel jobs")
  func sameSeedGivesSameBytes() throws {
    // A region that nothing in the image shows: supervoxels cut across its edge.
    for number in 5...7 { try write(number, radius: 4 + Double(number), contrast: 0) }
    let first = try stability([5, 6, 7], jobs: 1)
    #expect(try stability([5, 6, 7], jobs: 3).csv(stable: []) == first.csv(stable: []))
    #expect(try stability([5, 6, 7], seed: 2).csv(stable: []) != first.csv(stable: []))
  }

  @Test("A single case has no correlation")
  func oneCaseHasNoCorrelation() throws {
    let report = try stability([2])
    #expect(report.features.allSatisfy { $0.agreement == nil && $0.reason?.contains("two cases") == true })
    #expect(report.features.first { $0.name.hasSuffix("VoxelVolume") }?.variation ?? 0 > 0)
    #expect(report.stable(threshold: 0, byEstimate: true).isEmpty)
  }

  @Test("Cases that cannot be computed are left out, with the reason")
  func failedCasesAreLeftOutWithReason() throws {
    let missing = try stability(label: 7)
    #expect(missing.cases == 0 && missing.leftOut.count == 4 && missing.leftOut.first?.code == "E_LABEL_MISSING")
    // A region of a few voxels does not survive its erosion.
    try write(9, radius: 2)
    let small = try stability([1, 9, 2])
    #expect(small.cases == 2 && small.leftOut.count == 1)
    #expect(small.leftOut.first?.message.hasPrefix("with the mask changed (erode): ") == true)
    // One that has none to begin with is told as it is.
    try write(10, radius: 1)
    let empty = try stability([1, 10, 2])
    #expect(empty.leftOut.count == 1 && empty.leftOut.first?.message.contains("changed") == false)
  }
}
