import DICOM
import Testing

/// Lossless JPEGs whose markers lead nowhere: a decoder must not look for the frame's header for ever.
@Suite struct DamagedCodestreamTests {
  @Test(
    "A codestream header that leads nowhere is refused",
    arguments: [
      [0xFF, 0x01, 0, 0], [0xFF, 0x01, 0, 0x10], [0xFF, 0xD0, 0, 0x10], [0xFF, 0xD8, 0, 0x10],
      [0xFF, 0xE0, 0xFF, 0xFF],
      [0xFF, 0xE0, 0, 0], [0, 0, 0, 0],
    ] as [[UInt8]])
  func danglingCodestreamHeaderIsRefused(_ segment: [UInt8]) throws {
    let folder = try StudyFolder()
    try folder.write(smallSlices(), transferSyntax: "1.2.840.10008.1.2.4.70")
    #expect(try folder.load().volume == smallVolume())
    var bytes = try folder.bytes(StudyFolder.name(3))
    let start: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 0x10]
    let place = try #require(
      (0...(bytes.count - start.count)).first { bytes[$0..<($0 + start.count)].elementsEqual(start) })
    bytes.replaceSubrange((place + 2)..<(place + 6), with: segment)
    try folder.put(bytes, StudyFolder.name(3))
    #expect(try folder.refusal() == "E_DECODE")
  }
}
