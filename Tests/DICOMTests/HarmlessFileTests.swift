import DICOM
import Errors
import Foundation
import Testing

/// Empty files beside images: which may have been slices, and which never were.
@Suite struct HarmlessFileTests {
  private let folder: StudyFolder

  init() throws {
    folder = try StudyFolder()
    for (index, slice) in smallSlices().enumerated() { try slice.write(to: "\(folder.path)/IM000\(index)") }
  }

  @Test(
    "Markers and leftovers do not block a study",
    arguments: [
      "Icon\r", "VERSION", "LOCKFILE", "_SUCCESS", "DICOMDIR", "md5sum", "SHA256SUMS", "README", "COMMENT", "READY",
      "autorun.inf", "viewer.exe", "README.TXT",
    ]) func markersAndLeftoversDoNotBlock(name: String) throws
  {
    try folder.put([], name)
    let scan = try folder.scan()
    #expect(scan.damaged.isEmpty && scan.series.map(\.count) == [8])
  }

  @Test(
    "A file that may be a slice counts as a damaged one",
    arguments: ["IM0009", "I7", "00000012", "1.2.840.113619.5", "x.dcm", "x.IMA"])
  func possibleSliceCountsAsDamaged(name: String) throws {
    try folder.put([], name)
    #expect(try folder.scan().damaged.map(\.code.name) == ["E_TRUNCATED"])
  }

  @Test("Beside images without digits in their names, no file name is safe")
  func namesWithoutDigitsMakeNoFileSafe() throws {
    try folder.put(try folder.bytes("IM0001"), "lettered/alpha")
    try folder.put([], "lettered/beta")
    try folder.put([], "lettered/VERSION")
    #expect(try folder.scan().damaged.map(\.file) == ["lettered/beta"])
  }

  @Test("A truncated DICOMDIR does not block a study")
  func truncatedIndexDoesNotBlock() throws {
    try folder.put([UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + [2, 0], "DICOMDIR")
    #expect(try folder.scan().damaged.isEmpty)
  }
}
