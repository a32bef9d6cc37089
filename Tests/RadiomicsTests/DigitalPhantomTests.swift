import Foundation
import Imaging
import Radiomics
import TestKit
import Testing

/// Values that were agreed on without PyRadiomics: IBSI's consensus on its digital phantom.
@Suite struct DigitalPhantomTests {
  @Test("Features of the digital phantom equal IBSI's consensus values")
  func phantomMatchesIBSIConsensus() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/ibsi-digital-phantom.csv")
    let rows = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }.dropFirst().map { $0.split(separator: ",") }
    #expect(rows.count == 89)

    let profile = try ExtractionProfile(parsing: "setting:\n  binWidth: 1\n", name: "ibsi")
    let extraction = try Extractor(profile: profile, threads: 2).extract(
      image: DigitalPhantom.image, mask: DigitalPhantom.mask)
    for row in rows {
      let value = try #require(extraction.numbers[String(row[0])], "\(row[0])")
      let (wanted, tolerance) = (try #require(Double(row[1])), try #require(Double(row[2])))
      #expect(abs(value - wanted) <= tolerance, "\(row[0]): \(value), consensus \(wanted)")
    }
  }

  @Test("The phantom's region has IBSI's voxel count and bounding box")
  func phantomRegionHasIBSICounts() throws {
    let profile = try ExtractionProfile(parsing: "setting:\n  binWidth: 1\n", name: "ibsi")
    let extraction = try Extractor(profile: profile, threads: 1).extract(
      image: DigitalPhantom.image, mask: DigitalPhantom.mask)
    let column = { (name: String) in extraction.diagnostics.first { $0.name == "diagnostics_" + name }?.value }
    #expect(column("Mask-original_VoxelNum") == .integer(74))
    #expect(column("Mask-original_VolumeNum") == .integer(1))
    #expect(column("Mask-original_BoundingBox") == .integers([0, 0, 0, 5, 4, 4]))
    #expect(column("Image-original_Maximum") == .number(9))
  }
}
