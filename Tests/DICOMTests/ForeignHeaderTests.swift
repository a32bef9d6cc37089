import DICOM
import Errors
import Imaging
import TestKit
import Testing

@Suite("Headers as other programs write them")
struct ForeignHeaderTests {
  /// An 8 x 8 slice of explicit VR little endian; `change` gives an element's value representation and bytes.
  private func slice(_ z: Int, _ change: (UInt32, String, [UInt8]) -> (String, [UInt8])? = { _, _, _ in nil })
    -> [UInt8]
  {
    func text(_ value: String) -> [UInt8] { Array(value.utf8) }
    func word(_ value: UInt16) -> [UInt8] { [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)] }
    let elements: [(UInt32, String, [UInt8])] = [
      (0x0008_0016, "UI", text(SOPClass.ct)), (0x0008_0018, "UI", text("1.2.3.\(z)")), (0x0008_0060, "CS", text("CT")),
      (0x0020_000D, "UI", text("1.2.4")), (0x0020_000E, "UI", text("1.2.5")),
      (0x0020_0032, "DS", text("0\\0\\\(z * 5)")),
      (0x0020_0037, "DS", text("1\\0\\0\\0\\1\\0")), (0x0020_0052, "UI", text("1.2.6")), (0x0028_0002, "US", word(1)),
      (0x0028_0004, "CS", text("MONOCHROME2")), (0x0028_0010, "US", word(8)), (0x0028_0011, "US", word(8)),
      (0x0028_0030, "DS", text("1\\1")), (0x0028_0100, "US", word(16)), (0x0028_0101, "US", word(16)),
      (0x0028_0102, "US", word(15)), (0x0028_0103, "US", word(1)), (0x0028_1052, "DS", text("-1000")),
      (0x0028_1053, "DS", text("1")), (0x0028_1054, "LO", text("HU")),
      (0x7FE0_0010, "OW", (0..<64).flatMap { word(UInt16($0 + z)) }),
    ]
    return DICOMDraft.file(
      elements.flatMap { tag, vr, value in
        let changed = change(tag, vr, value)
        return changed?.0 == "" ? [] : DICOMDraft.element(tag, changed?.0 ?? vr, changed?.1 ?? value)
      })
  }

  private func outcome(_ change: (UInt32, String, [UInt8]) -> (String, [UInt8])? = { _, _, _ in nil }) throws -> String
  {
    let folder = try StudyFolder()
    for z in 0..<4 { try folder.put(slice(z, change), "\(z).dcm") }
    do {
      let volume = try folder.load().volume
      return volume.voxels[3 * 64 + 10] == -987 && volume.geometry.spacing.z == 5 ? "ok" : "other values"
    } catch let error as StudyError {
      return error.code.name
    }
  }

  @Test(
    "a value counts, whatever its representation is called",
    arguments: [
      (0x0028_0010, "UN"), (0x0028_0010, "SS"), (0x0028_0103, "SS"), (0x0020_0032, "UN"), (0x0020_0037, "LO"),
      (0x0028_0030, "ST"), (0x0028_1052, "UN"), (0x0028_1053, "SH"), (0x0020_000E, "LO"), (0x0008_0016, "UN"),
      (0x0020_0052, "SH"), (0x7FE0_0010, "UN"), (0x7FE0_0010, "OB"),
    ] as [(UInt32, String)])
  func wrongRepresentationStillCounts(_ tag: UInt32, _ vr: String) throws {
    #expect(try outcome { $0 == tag ? (vr, $2) : nil } == "ok")
  }

  @Test("numbers are read from text")
  func numbersAreReadFromText() throws {
    #expect(
      try outcome { tag, _, _ in tag == 0x0028_0010 || tag == 0x0028_0011 ? ("IS", Array("8".utf8)) : nil } == "ok")
  }

  @Test(
    "values that cannot be guessed are refused when they are absent",
    arguments: [
      (0x0028_0103, "", "E_ATTRIBUTE"), (0x0028_0010, "", "E_ATTRIBUTE"), (0x0028_0100, "", "E_ATTRIBUTE"),
      (0x0028_1053, "", "E_NOT_HU"), (0x0020_0032, "", "E_ATTRIBUTE"),
    ] as [(UInt32, String, String)])
  func absentValuesAreRefused(_ tag: UInt32, _ vr: String, _ code: String) throws {
    #expect(try outcome { found, _, _ in found == tag ? (vr, []) : nil } == code)
    let folder = try StudyFolder()
    for z in 0..<4 { try folder.put(slice(z) { found, _, _ in found == tag && z == 2 ? ("", []) : nil }, "\(z).dcm") }
    #expect(try folder.refusal() == code)
  }

  @Test("HU in small letters and an empty Modality LUT Sequence are accepted")
  func harmlessDeviationsAreAccepted() throws {
    #expect(try outcome { tag, vr, _ in tag == 0x0028_1054 ? (vr, Array("hu".utf8)) : nil } == "ok")
    let folder = try StudyFolder()
    for z in 0..<4 {
      // (0028,3000), explicit, of no length, before the pixels.
      let empty: [UInt8] = [0x28, 0, 0, 0x30, 0x53, 0x51, 0, 0, 0, 0, 0, 0]
      let pixels: [UInt8] = [0xE0, 0x7F, 0x10, 0]
      let whole = slice(z)
      let place = try #require((0..<whole.count - 4).last { Array(whole[$0..<$0 + 4]) == pixels })
      try folder.put(Array(whole[..<place]) + empty + Array(whole[place...]), "\(z).dcm")
    }
    #expect(try folder.refusal() == nil)
  }

  /// Found by fuzzing: a length of the file was read once in the one and once in the other byte order, and 4 GB asked for.
  @Test("an implicit dataset under a big-endian name is read in one way only")
  func implicitBigEndianIsReadInOneWay() throws {
    let folder = try StudyFolder()
    let syntax = DICOMDraft.element(0x0002_0010, "UI", Array("1.2.840.10008.1.2.2".utf8))
    let value: [UInt8] = [0, 8, 0, 0x16, 0, 0, 0, 0xFF] + [UInt8](repeating: 0x31, count: 255)
    try folder.put([UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + syntax + value, "a.dcm")
    #expect(try folder.scan().damaged.map(\.code.name) == ["E_INVALID_UID"])
  }
}
