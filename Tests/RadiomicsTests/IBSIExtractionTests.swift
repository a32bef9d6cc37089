import Errors
import Foundation
import Imaging
import Radiomics
import TestKit
import Testing

/// IBSI's own preparation, by values worked out on paper and by its consensus on the digital phantom.
struct IBSIExtractionTests {
  /// A row of voxels along x, 3 mm apart, all inside.
  private static func extract(_ values: [Double], _ settings: IBSISettings) throws -> IBSIExtraction {
    let geometry = Geometry(size: SIMD3(values.count, 1, 1), spacing: Vector3(3, 3, 3))
    return try IBSIExtraction(
      image: Volume(geometry: geometry, float64: values),
      mask: Mask(geometry: geometry, voxels: values.map { _ in 1 }), settings: settings, threads: 1)
  }

  @Test("Merged directions give IBSI's consensus values")
  func mergedDirectionsMatchConsensus() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/ibsi-digital-phantom-merged.csv")
    let rows = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }.dropFirst().map { $0.split(separator: ",").map(String.init) }
    #expect(rows.count == 39)
    let merged = try IBSIExtraction(
      image: DigitalPhantom.image, mask: DigitalPhantom.mask, settings: IBSISettings(), threads: 1
    ).merged
    for row in rows {
      let value = try #require(merged[row[0]], "\(row[0])")
      let wanted = try #require(Double(row[3]))
      // Three digits are printed.
      let digit = pow(10, floor(log10(abs(wanted))) - 2)
      #expect(abs(value - wanted) <= 0.5 * digit * (1 + 1e-9), "\(row[0]): \(value), consensus \(wanted)")
    }
  }

  /// FBS of width 25 from -1000: -1000 is in bin 1, -975 in 2, 0 in 41, so the mean square of three zones is 562.
  @Test("Bins of fixed size count from the lower bound of the range")
  func fixedBinsStartAtRangeMinimum() throws {
    var settings = IBSISettings()
    settings.range = -1000...400
    settings.discretisation = .fixedBinSize(25)
    let features = try Self.extract([-990, -975.4, 0.2, 401], settings).averaged
    #expect(abs(try #require(features["glszm_HighGrayLevelZoneEmphasis"]) - 562) < 1e-9)
    // 0.2 and -975.4 were rounded, and 401 is outside the range.
    #expect(features["firstorder_Maximum"] == 0)
    #expect(features["firstorder_Minimum"] == -990)
  }

  /// FBN of 4 bins over 0...8: floor(4 x / 8) + 1, and 8 itself in bin 4.
  @Test("The largest value is in the last bin")
  func largestValueIsInLastBin() throws {
    var settings = IBSISettings()
    settings.discretisation = .fixedBinNumber(4)
    let features = try Self.extract([0, 2, 5, 8], settings).averaged
    // (1 + 4 + 9 + 16) / 4
    #expect(abs(try #require(features["glszm_HighGrayLevelZoneEmphasis"]) - 7.5) < 1e-12)
  }

  /// Ten zeros and 100: mean 9.09, deviation 28.75, so 100 is 3.16 deviations away.
  @Test("Outliers are removed from the intensity mask, not from the shape mask")
  func outliersLeaveOnlyIntensityMask() throws {
    var settings = IBSISettings()
    settings.outlierDeviations = 3
    settings.discretisation = .fixedBinNumber(2)
    let features = try Self.extract([0, 0, 0, 0, 0, 100, 0, 0, 0, 0, 0], settings).averaged
    #expect(features["firstorder_Maximum"] == 0)
    // 11 voxels of 27 mm³.
    #expect(abs(try #require(features["shape_VoxelVolume"]) - 297) < 1e-9)
    settings.outlierDeviations = 3.2
    #expect(try Self.extract([0, 0, 0, 0, 0, 100, 0, 0, 0, 0, 0], settings).averaged["firstorder_Maximum"] == 100)
  }

  /// Four voxels of 3 mm are six of 2 mm about the same centre: at -1/6, 1/2, 7/6, 11/6, 5/2, 19/6 of the old ones.
  @Test("The resampled grid has the centre of the image")
  func resampledGridKeepsTheCentre() throws {
    var settings = IBSISettings()
    settings.spacing = 2
    settings.rounds = false
    settings.discretisation = .fixedBinNumber(2)
    let features = try Self.extract([0, 6, 12, 18], settings).averaged
    #expect(abs(try #require(features["firstorder_Mean"]) - 9) < 1e-12)
    #expect(features["firstorder_Minimum"] == 0)
    // Across x one voxel of 3 mm becomes two: 0, 3, 7, 11, 15 and 18 four times each, so the quartiles are 3 and 15,
    // and 24 voxels are of 8 mm³.
    #expect(abs(try #require(features["firstorder_InterquartileRange"]) - 12) < 1e-9)
    #expect(abs(try #require(features["shape_VoxelVolume"]) - 192) < 1e-9)
  }

  @Test("Too many grey levels and values that are not finite are refused")
  func invalidIntensitiesAreRefused() throws {
    let error = #expect(throws: StudyError.self) { try Self.extract([0, 1, 2], IBSISettings()) }
    #expect(error?.code == .tooManyGreyLevels)
    let other = #expect(throws: StudyError.self) { try Self.extract([1, .nan, 2], IBSISettings()) }
    #expect(other?.code == .notFinite)
  }
}
