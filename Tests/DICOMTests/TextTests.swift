import DICOM
import Testing

@Suite("Text comes out as valid UTF-8")
struct TextTests {
  @Test(
    "declared, undeclared and misdeclared character sets are decoded",
    arguments: [
      // declared set, bytes, text, guessed
      ("GB18030", [0xC5, 0xC5, 0xD0, 0xB9, 0xC6, 0xDA], "排泄期", false),
      ("ISO_IR 192", Array("排泄期 CTU".utf8), "排泄期 CTU", false),
      ("ISO_IR 100", [0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72], "Müller", false),
      // What Chinese scanners write: GBK, declared as Latin-1 or not at all.
      ("ISO_IR 100", [0xC5, 0xC5, 0xD0, 0xB9, 0xC6, 0xDA], "排泄期", true),
      ("", [0xC5, 0xC5, 0xD0, 0xB9, 0xC6, 0xDA, 0x20, 0x35], "排泄期 5", true),
      ("", Array("排泄期".utf8), "排泄期", true),
      ("ISO_IR 192", [0xC5, 0xC5, 0xD0, 0xB9], "排泄", true),
      ("\\ISO 2022 IR 58", [0x1B, 0x24, 0x29, 0x41, 0xC5, 0xC5, 0xD0, 0xB9], "排泄", false),
      ("GBK", [0xC5, 0xC5, 0xD0, 0xB9], "排泄", false),
      ("ISO 2022 IR 6\\ISO 2022 IR 58", [0x41, 0x20, 0x1B, 0x24, 0x29, 0x41, 0xC5, 0xC5], "A 排", false),
      // Escapes that the set does not announce, or not where it should.
      ("ISO 2022 IR 58", [0x1B, 0x24, 0x29, 0x41, 0xC5, 0xC5, 0xD0, 0xB9], "排泄", false),
      ("", [0x41, 0x1B, 0x24, 0x29, 0x41, 0xC5, 0xC5, 0x1B, 0x28, 0x42, 0x42], "A排B", true),
      ("\\ISO 2022 IR 149", [0x1B, 0x24, 0x29, 0x43, 0xB1, 0xE8], "김", false),
      ("\\ISO 2022 IR 87", [0x1B, 0x24, 0x42, 0x3B, 0x33, 0x45, 0x44, 0x1B, 0x28, 0x42], "山田", false),
      // Characters of four bytes.
      ("GB18030", [0x95, 0x32, 0x82, 0x36], "𠀀", false),
      // No DICOM term, or nothing at all like one.
      ("GB2312", [0xC5, 0xC5, 0xD0, 0xB9], "排泄", true),
      ("ISO 9999\u{1}\\~", Array("排泄".utf8), "排泄", true),
      ("ISO 9999", [0x4D, 0xFC, 0x6C], "Mül", true),
      // Bytes of no Chinese character: something valid, and marked.
      ("GB18030", [0x41, 0xFF], "Aÿ", true),
      ("", [0x1B, 0x5B, 0x33, 0x31, 0x6D, 0x61], "\u{1B}[31ma", false),
    ] as [(String, [UInt8], String, Bool)])
  func characterSetsAreDecoded(_ set: String, _ bytes: [UInt8], _ text: String, _ isGuessed: Bool) throws {
    let folder = try StudyFolder()
    var slices = smallSlices(3)
    for i in slices.indices {
      if !set.isEmpty { slices[i].set(0x0008_0005, set) }
      slices[i].attributes[0x0008_103E] = .text(bytes)
    }
    try folder.write(slices)
    let description = try folder.scan().series[0].description
    #expect(description.text == text)
    #expect(description.isGuessed == isGuessed)
  }
}
