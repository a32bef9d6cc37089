import DICOM
import Errors
import Foundation
import Testing

@Suite("Files that are cut, damaged or meant to harm")
struct HostileFileTests {
  /// Looks at whatever a folder holds; the outcome may be anything but a crash.
  private func survey(_ folder: StudyFolder) -> String {
    do {
      let scan = try folder.scan()
      if let damaged = scan.damaged.first { return damaged.code.name }
      for series in scan.series { _ = try loadVolume(series) }
      return scan.series.isEmpty ? "no series" : "ok"
    } catch let error as StudyError {
      return error.code.name
    } catch {
      return "\(error)"
    }
  }

  @Test(
    "a slice cut anywhere is found",
    arguments: ["1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.5"])
  func sliceCutAnywhereIsFound(_ syntax: String) throws {
    let folder = try StudyFolder()
    try folder.write(smallSlices(3), transferSyntax: syntax)
    let whole = try folder.bytes("001.dcm")
    #expect(survey(folder) == "ok")
    // Every byte of the header, then a few of the pixels.
    let step = syntax == CTSlice.uncompressed ? 1 : 7
    let places =
      Array(stride(from: 1, to: min(whole.count, 1400), by: step)) + [
        whole.count / 2, whole.count - 2, whole.count - 1,
      ]
    for length in places where length > 0 {
      try folder.put(Array(whole.prefix(length)), "001.dcm")
      let outcome = survey(folder)
      // Within the preamble there is nothing left that says DICOM; after it every cut must show. (The last bytes of a
      // deflated file are the end mark and padding, behind the pixels.)
      if length >= 132, !(syntax.hasSuffix(".99") && length >= whole.count - 4) {
        #expect(outcome.hasPrefix("E_"), "cut at \(length): \(outcome)")
      }
    }
  }

  @Test("the message names the file and the byte where it ends")
  func truncationMessageNamesFileAndEnd() throws {
    let folder = try StudyFolder()
    try folder.write(smallSlices())
    try folder.put(Array(try folder.bytes("003.dcm").dropLast(100)), "003.dcm")
    let error = #expect(throws: StudyError.self) { try checkGeometry(try folder.scan().series[0]) }
    #expect(error?.code.name == "E_TRUNCATED")
    #expect(error?.file == "003.dcm")
    #expect(error?.message.contains("inside the pixel data") == true)
  }

  @Test(
    "bits flipped at random never crash",
    arguments: [
      "1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.5",
      "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80",
    ])
  func randomBitFlipsNeverCrash(_ syntax: String) throws {
    let folder = try StudyFolder()
    try folder.write(smallSlices(3), transferSyntax: syntax)
    let whole = try folder.bytes("001.dcm")
    var random = TestRandom(state: 7)
    for _ in 0..<150 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        bytes[Int.random(in: 128..<bytes.count, using: &random)] ^= UInt8(1 << Int.random(in: 0...7, using: &random))
      }
      try folder.put(bytes, "001.dcm")
      #expect(!survey(folder).isEmpty)
    }
  }

  /// A file with preamble, explicit little endian, with the elements given after the UIDs.
  private func file(_ extra: [UInt8], syntax: String = "1.2.840.10008.1.2.1") throws -> [UInt8] {
    let folder = try StudyFolder()
    var slice = CTSlice()
    for (tag, value) in smallSlices(3)[0].attributes where tag >> 16 <= 8 || tag == 0x0020_000D || tag == 0x0020_000E {
      slice.attributes[tag] = value
    }
    try slice.write(to: folder.path + "/x", transferSyntax: syntax)
    return try folder.bytes("x") + extra
  }

  @Test("sequences nested without end are refused before anything recurses")
  func endlessNestingIsRefused() throws {
    // (0040,A730) SQ of undefined length, item of undefined length, and again, 100 000 times.
    let level: [UInt8] = [
      0x40, 0, 0x30, 0xA7, 0x53, 0x51, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF,
    ]
    let folder = try StudyFolder()
    try folder.put(try file(Array(repeatElement(level, count: 100_000).joined())), "deep")
    let scan = try folder.scan()
    #expect(scan.damaged.map(\.code.name) == ["E_LIMIT"])
  }

  @Test(
    "a length beyond the file is a truncated file and allocates nothing",
    arguments: [0x7FFF_FFFF, 0xFFFF_FFFE] as [UInt32])
  func lengthBeyondFileIsTruncation(_ length: UInt32) throws {
    let bytes = withUnsafeBytes(of: length.littleEndian) { Array($0) }
    let folder = try StudyFolder()
    try folder.put(try file([0xE0, 0x7F, 0x10, 0, 0x4F, 0x57, 0, 0] + bytes + [1, 2, 3, 4]), "huge")
    try folder.put(try file([0x29, 0, 0x10, 0, 0x4F, 0x42, 0, 0] + bytes + [1, 2, 3, 4]), "private")
    let scan = try folder.scan()
    let refused =
      scan.series.flatMap(\.images).compactMap(\.damage?.code.name)
      + scan.objects.compactMap(\.header.damage?.code.name)
    #expect(refused == ["E_TRUNCATED", "E_TRUNCATED"])
  }

  @Test("a deflated file that inflates without end stops at a limit")
  func deflateBombStopsAtALimit() throws {
    let folder = try StudyFolder()
    try folder.write(smallSlices(3), transferSyntax: "1.2.840.10008.1.2.1.99")
    let whole = try folder.bytes("001.dcm")
    let start = try #require(datasetStart(whole))
    // A deflate stream of stored and run-length blocks: 65535 x 'A' by a distance-1 match is what zlib makes of zeros.
    let bomb = try deflatedZeros(count: 200 << 20)
    try folder.put(Array(whole.prefix(start)) + bomb, "001.dcm")
    #expect(survey(folder) == "E_LIMIT")
  }

  @Test("sequences that implicit VR hides, and unknown representations, are skipped without parsing")
  func hiddenSequencesAreSkipped() throws {
    let folder = try StudyFolder()
    try folder.write(smallSlices(3), transferSyntax: "1.2.840.10008.1.2")
    // (0008,1140) of 60 000 bytes: items within items, whose last one says that it has 4 GB.
    var nested: [UInt8] = []
    while nested.count < 60_000 {
      nested += [0xFE, 0xFF, 0, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF, 0x08, 0, 0x40, 0x11, 0, 0, 0, 0xFF]
    }
    let count = nested.count
    for index in 0..<3 {
      var bytes = try folder.bytes(StudyFolder.name(index))
      let start = try #require(datasetStart(bytes))
      bytes.insert(
        contentsOf: [8, 0, 0x40, 0x11, UInt8(count & 0xFF), UInt8(count >> 8), 0, 0] + nested, at: start)
      try folder.put(bytes, StudyFolder.name(index))
    }
    #expect(try folder.load().volume == smallVolume(3))

    let future = try StudyFolder()
    try future.write(smallSlices(3))
    for index in 0..<3 {
      var bytes = try future.bytes(StudyFolder.name(index))
      // VR ZZ with a length of 32 bits (PS3.5 7.1.2).
      bytes.insert(
        contentsOf: [8, 0, 1, 0, 0x5A, 0x5A, 0, 0, 2, 0, 0, 0, 0xFF, 0xFF], at: try #require(datasetStart(bytes)))
      try future.put(bytes, StudyFolder.name(index))
    }
    #expect(try future.load().volume == smallVolume(3))
  }

  @Test("a program in the preamble is noted and changes nothing")
  func executablePreambleIsNoted() throws {
    let folder = try StudyFolder()
    try folder.write(smallSlices(3))
    var bytes = try folder.bytes("001.dcm")
    bytes.replaceSubrange(0..<4, with: [0x7F, 0x45, 0x4C, 0x46])
    try folder.put(bytes, "001.dcm")
    let loaded = try folder.load()
    #expect(loaded.volume == smallVolume(3))
    #expect(loaded.warnings.map(\.code) == ["EXECUTABLE_PREAMBLE"])
  }

  /// A raw deflate stream of zeros: one fixed-Huffman block, a literal and matches of 258 at distance 1.
  private func deflatedZeros(count: Int) throws -> [UInt8] {
    var out: [UInt8] = []
    var accumulator: UInt32 = 0
    var bits: UInt32 = 0
    func put(_ value: UInt32, _ length: UInt32) {
      accumulator |= value << bits
      bits += length
      while bits >= 8 {
        out.append(UInt8(accumulator & 0xFF))
        accumulator >>= 8
        bits -= 8
      }
    }
    put(0b011, 3)  // last block, fixed codes
    put(0b0000_1100, 8)  // literal 0 is 00110000, first bit first
    // Length 258 is code 285: 11000101; distance 1 is code 0: 00000.
    for _ in 0..<(count / 258) {
      put(0b1010_0011, 8)
      put(0, 5)
    }
    put(0, 7)
    put(0, 7)
    return out
  }
}
