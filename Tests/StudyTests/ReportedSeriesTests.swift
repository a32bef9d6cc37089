import Errors
import Foundation
import Imaging
import Study
import TestKit
import Testing

private let reported = "data/inputs/reported"

private var reportedArePresent: Bool { FileManager.default.fileExists(atPath: SharedData.path(reported)) }

/// Series and segmentations of kinds that users of imaging tools have reported; the voxels are those of the arrays that
/// the files were made of.
@Suite("Reported series", .enabled(if: reportedArePresent, "needs ../shared"))
struct ReportedSeriesTests {
  @Test(
    "unusable series are refused by name",
    arguments: [
      ("05-concatenation", "E_CONCATENATION", "part 3 is missing"), ("06-iodine", "E_NOT_HU", "a map of a material"),
      ("10-fractional-0-1", "E_FRACTIONAL_VALUES", "largest value 1 of 255"),
    ])
  func unusableSeriesAreRefusedByName(_ name: String, _ code: String, _ text: String) throws {
    let folder = try TemporaryFolder()
    let error = try #require(throws: StudyError.self) {
      try computeStudy(
        StudyRequest(
          study: "s", input: SharedData.path("\(reported)/\(name)"), output: try folder.folder("out"),
          profile: "jiao2024", threads: 2))
    }
    #expect(error.code.name == code)
    #expect(error.message.contains(text), "\(error.message)")
  }

  @Test(
    "usable series have their 393 voxels, and oddities are noted",
    arguments: [
      ("07-metal-12-bit", "BITS_BEYOND_STORED", 2.5), ("09-drawn-on-pet", "DRAWN_ON_OTHER_SERIES", 2.5),
      ("13-rounded-positions", "POSITIONS_ROUNDED", 0.625),
    ])
  func usableSeriesNoteTheirOddities(_ name: String, _ note: String, _ spacing: Double) throws {
    let folder = try TemporaryFolder()
    let output = try folder.folder("out")
    try computeStudy(
      StudyRequest(
        study: "s", input: SharedData.path("\(reported)/\(name)"), output: output, profile: "jiao2024", threads: 2))
    let mask = try NIfTIReader.read(output + "/mask.nii.gz")
    #expect(mask.voxels.doubles.count { $0 != 0 } == 393)
    #expect(mask.geometry.spacing.z == spacing)
    let result = try folder.json("out/result.json")
    let warnings = try #require(result["warnings"] as? [[String: String]])
    #expect(warnings.contains { $0["code"] == note })
  }
}
