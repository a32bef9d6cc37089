import DICOM
import Errors
import Files
import Foundation
import Imaging
import Testing

@Suite("Series as hospitals drop them")
struct OddSeriesTests {
  /// Changes to the slices before they are written; the volume must not change.
  enum Harmless: String, CaseIterable {
    case paddedPatientID, paddedUIDs, noFrameOfReference, noPatientID, roundedPositions, storedBackwards
    case signOfSlice, widthOfSlice, overlayBits, strayBits, overlayGroup, characterSet, hugePrivateText,
      patientPositionFFS
    case sharedInstance, differentAcquisitions, lossyNo
  }

  @Test("oddities that change nothing", arguments: Harmless.allCases)
  func harmlessOdditiesChangeNothing(_ edit: Harmless) throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    for i in slices.indices {
      switch edit {
      case .paddedPatientID: slices[i].set(0x0010_0020, "test" + String(repeating: " ", count: i))
      case .paddedUIDs: slices[i].set(0x0020_0052, "2.25.77" + (i % 2 == 0 ? " " : ""))
      case .noFrameOfReference: slices[i].attributes[0x0020_0052] = nil
      case .noPatientID: slices[i].set(0x0010_0020, "")
      case .roundedPositions:
        slices[i].set(0x0020_0032, [-38.75, -38.75, -17.5 + 5 * Double(i) + (i % 3 == 1 ? 0.001 : 0)])
      case .storedBackwards: slices[i].set(0x0020_0013, String(100 - i))
      case .signOfSlice:
        // 12 bits of 16 are positive whatever the sign says.
        slices[i].set(0x0028_0101, number: 16)
        slices[i].set(0x0028_0102, number: 15)
        slices[i].set(0x0028_0103, number: i % 2)
      case .widthOfSlice:
        slices[i].set(0x0028_0101, number: 12 + i % 4)
        slices[i].set(0x0028_0102, number: 11 + i % 4)
      case .strayBits: slices[i].pixels = slices[i].pixels.map { $0 | UInt16(i + 1) << 12 }
      case .overlayBits:
        for bit in 0..<4 {
          slices[i].set(0x6000_0100 | UInt32(bit) << 17, number: 16)
          slices[i].set(0x6000_0102 | UInt32(bit) << 17, number: 12 + bit)
        }
        slices[i].pixels = slices[i].pixels.map { $0 | UInt16(i + 1) << 12 }
      case .overlayGroup: slices[i].set(0x6000_0010, number: 32)
      case .characterSet: slices[i].set(0x0008_0005, "ISO 9999\\\u{1}\u{7F}~~")
      case .hugePrivateText: slices[i].set(0x0020_4000, String(repeating: "x", count: 9000 + i))
      case .patientPositionFFS: slices[i].set(0x0018_5100, "FFS")
      case .sharedInstance: slices[i].set(0x0008_0018, "2.25.1")
      case .differentAcquisitions: slices[i].set(0x0020_0012, String(i))
      case .lossyNo: slices[i].set(0x0028_2110, "00")
      }
    }
    try folder.write(slices)
    let loaded = try folder.load()
    #expect(loaded.volume.voxels == smallVolume().voxels)
    #expect(abs(loaded.volume.geometry.spacing.z - 5) < 1e-3)
    #expect(loaded.volume.geometry.origin == smallVolume().geometry.origin)
    #expect(loaded.volume.geometry.direction == smallVolume().geometry.direction)
    let notes: [Harmless: String] = [.sharedInstance: "SHARED_INSTANCE_UID", .strayBits: "BITS_BEYOND_STORED"]
    #expect(loaded.warnings.map(\.code) == (notes[edit].map { [$0] } ?? []))
  }

  /// Changes to one slice, or to all, that must be refused.
  @Test(
    "edits of one slice after which the volume cannot be trusted are refused",
    arguments: [
      (0x0010_0020, "", "E_PATIENT_MIX"), (0x0010_0020, "Test", "E_PATIENT_MIX"), (0x0020_0052, "", "E_PATIENT_MIX"),
      (0x0028_1053, nil, "E_NOT_HU"), (0x0028_1052, nil, "E_NOT_HU"), (0x0028_1053, "1e9", "E_NOT_HU"),
      (0x0028_1054, "HU_MOD", "E_NOT_HU"), (0x0028_1054, "OD", "E_NOT_HU"), (0x0028_0030, "2.5", "E_ATTRIBUTE"),
      (0x0028_0030, "-2.5\\2.5", "E_ATTRIBUTE"), (0x0028_0030, nil, "E_ATTRIBUTE"), (0x0020_0032, nil, "E_ATTRIBUTE"),
      (0x0020_0032, "nan\\0\\0", "E_ATTRIBUTE"), (0x0020_0032, "0x1\\0\\0", "E_ATTRIBUTE"),
      (0x0020_0032, "1e300\\0\\0", "E_ATTRIBUTE"), (0x0020_0037, "1\\0\\0\\0.5\\0.866\\0", "E_ATTRIBUTE"),
      (0x0020_0037, "0\\0\\0\\0\\0\\0", "E_ATTRIBUTE"), (0x0020_0032, "-38.75\\-38.75\\-2.4", "E_SLICE_GAP"),
      (0x0020_0032, "-38.75\\-38.75\\1000", "E_SLICE_GAP"), (0x0028_0004, "PALETTE COLOR", "E_PIXEL_FORMAT"),
      (0x0028_2110, "1", "E_LOSSY"), (0x0008_0016, "1.2.840.10008.5.1.4.1.1.4", "E_SLICE_GAP"),
    ] as [(UInt32, String?, String)])
  func damagingEditsOfOneSliceAreRefused(_ tag: UInt32, _ value: String?, _ code: String) throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    if let value { slices[3].set(tag, value) } else { slices[3].attributes[tag] = nil }
    try folder.write(slices)
    #expect(try folder.refusal() == code)
  }

  @Test("all slices at one position: other pixels, then the same", arguments: [false, true])
  func slicesAtOnePositionAreRefused(_ isSame: Bool) throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    for i in slices.indices {
      slices[i].set(0x0020_0032, "0\\0\\0")
      if isSame { slices[i].pixels = slices[0].pixels }
    }
    try folder.write(slices)
    #expect(try folder.refusal() == (isSame ? "E_TOO_FEW_SLICES" : "E_DUPLICATE_POSITION"))
  }

  @Test("every slice copied under another name is one volume")
  func copiesUnderOtherNamesAreOneVolume() throws {
    let folder = try StudyFolder()
    try folder.write(smallSlices())
    try folder.write(smallSlices(), prefix: "copy (1) of ")
    let loaded = try folder.load()
    #expect(loaded.volume == smallVolume())
    #expect(loaded.stack.dropped.count == 8 && loaded.warnings.isEmpty)
  }

  @Test("rows that run the other way turn the normal and the order of slices, not the patient")
  func mirroredRowsKeepThePatient() throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    for i in slices.indices { slices[i].set(0x0020_0037, "1\\0\\0\\0\\-1\\0") }
    try folder.write(slices)
    let volume = try folder.load().volume
    #expect(volume.geometry.direction[2] == Vector3(0, 0, -1))
    #expect(volume.geometry.origin.z == 17.5)
    #expect(volume.voxels[0] == smallVolume().voxels[7 * 32 * 32])
  }

  @Test("padding is counted by the bits that are stored", arguments: [0xF830, 0x0830] as [Int])
  func paddingIsCountedByStoredBits(_ bits: Int) throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    for i in slices.indices {
      // -2000 in 12 bits of two's complement.
      slices[i].pixels = slices[i].pixels.map { _ in UInt16(bits) }
      slices[i].set(0x0028_0103, number: 1)
      slices[i].set(0x0028_0120, number: 0xF830)
      slices[i].set(0x0028_1052, "0")
    }
    try folder.write(slices)
    let loaded = try folder.load()
    #expect(loaded.paddingHU == -2000)
    #expect(loaded.paddingVoxels == 8 * 32 * 32)
  }

  /// Changes to the bytes of every file, by a file's bytes and where its dataset begins.
  enum Bytes: String, CaseIterable {
    case noPreamble, bareDataset, implicitMeta, oddLength, groupLength, trailingPadding, unknownVR, notesBehindPixels
  }

  @Test("files that deviate from the standard are read", arguments: Bytes.allCases)
  func nonStandardFilesAreRead(_ edit: Bytes) throws {
    let folder = try StudyFolder()
    try folder.write(smallSlices())
    for index in 0..<8 {
      var bytes = try folder.bytes(StudyFolder.name(index))
      let start = try #require(datasetStart(bytes))
      switch edit {
      case .noPreamble: bytes.removeFirst(132)
      case .bareDataset: bytes.removeFirst(start)
      case .implicitMeta:
        // (0002,0010) of implicit VR alone.
        let syntax = Array("1.2.840.10008.1.2.1\0".utf8)
        bytes = Array(bytes[..<132]) + [2, 0, 0x10, 0, UInt8(syntax.count), 0, 0, 0] + syntax + bytes[start...]
      case .oddLength: bytes.insert(contentsOf: [8, 0, 5, 0, 0x43, 0x53, 3, 0, 0x41, 0x42, 0x43], at: start)
      case .groupLength: bytes.insert(contentsOf: [8, 0, 0, 0, 0x55, 0x4C, 4, 0, 1, 2, 3, 4], at: start)
      case .trailingPadding: bytes += [0xFC, 0xFF, 0xFC, 0xFF, 0x4F, 0x42, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0]
      case .unknownVR:
        // Rows (0028,0010) and Pixel Spacing (0028,0030) as UN, with a length of 32 bits.
        for (tag, vr) in [([0x28, 0, 0x10, 0], "US"), ([0x28, 0, 0x30, 0], "DS")] as [([UInt8], String)] {
          let place = try #require(find(tag + Array(vr.utf8), in: bytes))
          let length = [bytes[place + 6], bytes[place + 7]]
          bytes.replaceSubrange((place + 4)..<(place + 8), with: Array("UN".utf8) + [0, 0] + length + [0, 0])
        }
      case .notesBehindPixels: bytes += Array("appended by an archive".utf8)
      }
      try folder.put(bytes, StudyFolder.name(index))
    }
    #expect(try folder.load().volume == smallVolume())
  }

  @Test("an unknown transfer syntax is named, in one slice or in all", arguments: [1, 8])
  func unknownTransferSyntaxIsNamed(_ count: Int) throws {
    let folder = try StudyFolder()
    try folder.write(smallSlices())
    for index in 0..<count {
      var bytes = try folder.bytes(StudyFolder.name(index))
      let place = try #require(find(Array("1.2.840.10008.1.2.1\0".utf8), in: bytes))
      bytes.replaceSubrange(place..<(place + 20), with: Array("1.2.840.113619.5.2\0\0".utf8))
      try folder.put(bytes, StudyFolder.name(index))
    }
    let scan = try folder.scan()
    #expect(scan.damaged.isEmpty && scan.series.map(\.count) == [8])
    #expect(try folder.refusal() == "E_UNSUPPORTED_TS")
  }

  @Test(
    "pixels coded with loss are refused, although the transfer syntax says lossless", arguments: ["57", "70", "80"])
  func lossyPixelsMislabelledAreRefused(_ claimed: String) throws {
    let folder = try StudyFolder()
    let written = "1.2.840.10008.1.2.4." + (claimed == "80" ? "80" : "51")
    try folder.write(smallSlices(), transferSyntax: written)
    for index in 0..<8 {
      var bytes = try folder.bytes(StudyFolder.name(index))
      if claimed == "80" {
        // NEAR of the scan: errors of up to 2 are allowed.
        let scan = try #require(find([0xFF, 0xDA, 0, 8, 1, 1, 0], in: bytes))
        bytes[scan + 7] = 2
      } else {
        let place = try #require(find(Array(written.utf8), in: bytes))
        bytes.replaceSubrange((place + 20)..<(place + 22), with: Array(claimed.utf8))
        let lossy = try #require(find([0x28, 0, 0x10, 0x21, 0x43, 0x53, 2, 0], in: bytes))
        bytes[lossy + 9] = UInt8(ascii: "0")
      }
      try folder.put(bytes, StudyFolder.name(index))
    }
    #expect(try folder.refusal() == "E_LOSSY")
  }

  private func find(_ pattern: [UInt8], in bytes: [UInt8]) -> Int? {
    (0...(bytes.count - pattern.count)).first { bytes[$0..<($0 + pattern.count)].elementsEqual(pattern) }
  }

  @Test(
    "a file that should be a slice and is not one blocks the study",
    arguments: [
      ("040.dcm", 0, "E_TRUNCATED"), ("040.DCM", 60, "E_TRUNCATED"), ("IM0040", 0, "E_TRUNCATED"),
      ("1.2.3.40", 0, "E_TRUNCATED"), ("040.ima", 5000, "E_DICOM_MALFORMED"),
    ])
  func brokenSliceBlocksTheStudy(_ name: String, _ size: Int, _ code: String) throws {
    let folder = try StudyFolder()
    try folder.write(smallSlices())
    try folder.put([UInt8](repeating: 0, count: size), name)
    let scan = try folder.scan()
    #expect(scan.damaged.map(\.code.name) == [code])
    #expect(scan.damaged.map(\.file) == [name])
    #expect(scan.otherFiles.isEmpty)
  }

  @Test("an index, a marker, notes and additions of an archive do not block a study")
  func accompanyingFilesDoNotBlock() throws {
    let folder = try StudyFolder()
    try folder.write(smallSlices())
    var index = CTSlice()
    index.set(0x0008_0016, "1.2.840.10008.1.3.10")
    index.attributes[0x0004_1220] = .items([[0x0004_1430: .text(Array("PATIENT".utf8))]])
    try index.write(to: folder.path + "/index of the disc")
    try folder.put([], "READY")
    try folder.put(Array("a note".utf8), "readme.txt")
    try folder.put(Array("autorun".utf8), "AUTORUN.INF")
    let scan = try folder.scan()
    #expect(scan.damaged.isEmpty)
    #expect(scan.skipped.map(\.display) == ["AUTORUN.INF", "index of the disc"])
    #expect(try folder.load().volume == smallVolume())
  }

  @Test("slices whose last rows are stored zeros are noted where most slices have none", arguments: [0, 1, 4, 5, 8])
  func zeroRowsAtEndAreNoted(_ count: Int) throws {
    let folder = try StudyFolder()
    var slices = smallSlices()
    for i in 0..<count {
      let half = slices[i].pixels.count / 2
      slices[i].pixels.replaceSubrange(half..., with: [UInt16](repeating: 0, count: slices[i].pixels.count - half))
    }
    try folder.write(slices)
    let notes = try folder.load().warnings.filter { $0.code == "ZEROS_AT_END" }
    #expect(notes.count == ((1...4).contains(count) ? 1 : 0))
    #expect(notes.allSatisfy { $0.message.contains("\(count) slice(s)") && $0.message.contains("from row 16 on") })
  }

  @Test("two studies, and series of other modalities, are separated")
  func twoStudiesAreSeparated() throws {
    let folder = try StudyFolder()
    try folder.write(smallSlices())
    for (number, change) in [(0x0008_0016, "1.2.840.10008.5.1.4.1.1.4"), (0x0010_0020, "someone else")].enumerated() {
      var slices = smallSlices(8, seed: 9 + UInt64(number))
      for i in slices.indices {
        slices[i].set(UInt32(change.0), change.1)
        slices[i].set(0x0020_0011, "\(number + 7)")
      }
      try folder.write(slices, prefix: "\(number)-")
    }
    let scan = try folder.scan()
    #expect(scan.series.map(\.isCT) == [true, false, true])
    #expect(Set(scan.ctSeries.map(\.studyUID)).count == 2)
    #expect(try loadVolume(scan.series[0]).volume == smallVolume())
  }
}
