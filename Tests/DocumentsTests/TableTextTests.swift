import Documents
import Errors
import Testing

/// How spreadsheets of the world encode the same table.
@Suite struct TableTextTests {
  private static let text = "编号,label\n张三,1\n"

  private func utf16(_ text: String, isLittle: Bool, mark: Bool) -> [UInt8] {
    let units = (mark ? [0xFEFF] : []) + Array(text.utf16)
    return units.flatMap { isLittle ? [UInt8($0 & 0xFF), UInt8($0 >> 8)] : [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
  }

  @Test("UTF-8 is read without a note")
  func utf8GivesNoNote() throws {
    #expect(try TableText(Array(Self.text.utf8), file: nil).note == nil)
    let marked = try TableText([0xEF, 0xBB, 0xBF] + Array(Self.text.utf8), file: nil)
    #expect(marked.bytes == Array(Self.text.utf8) && marked.note == nil)
    #expect(try TableText([], file: nil).bytes.isEmpty)
  }

  @Test("UTF-16 is read and reported", arguments: [true, false])
  func utf16IsReadAndReported(isLittle: Bool) throws {
    let marked = try TableText(utf16(Self.text, isLittle: isLittle, mark: true), file: nil)
    #expect(marked.bytes == Array(Self.text.utf8) && marked.note?.contains("UTF-16") == true)
    let plain = "study,label\na,1\n"
    let bare = try TableText(utf16(plain, isLittle: isLittle, mark: false), file: nil)
    #expect(bare.bytes == Array(plain.utf8) && bare.note?.contains("without a byte-order mark") == true)
  }

  /// Python: "编号,label\n张三,1\n".encode("gbk")
  @Test("GBK is read and reported")
  func gbkIsReadAndReported() throws {
    let gbk: [UInt8] =
      [0xB1, 0xE0, 0xBA, 0xC5] + Array(",label\n".utf8) + [0xD5, 0xC5, 0xC8, 0xFD] + Array(",1\n".utf8)
    let text = try TableText(gbk, file: nil)
    #expect(String(decoding: text.bytes, as: UTF8.self) == Self.text && text.note?.contains("GBK") == true)
  }

  @Test(
    "Text of an unknown encoding is refused",
    arguments: [
      ([0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72], "neither"),  // "Müller" in Latin-1
      ([0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], "UTF-32"), ([0xFF, 0xFE, 0x61], "ends within a character"),
      ([0xFF, 0xFE, 0x00, 0xD8, 0x61, 0x00], "damaged"),
    ] as [([UInt8], String)])
  func unknownEncodingIsRefused(bytes: [UInt8], why: String) {
    let error = #expect(throws: StudyError.self) { try TableText(bytes, file: "t.csv") }
    #expect(error?.code == .featureTable && error?.message.contains(why) == true && error?.file == "t.csv")
  }
}
