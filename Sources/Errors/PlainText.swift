/// Text files as editors save them: UTF-8 with or without a byte order mark; UTF-16 of either order with a mark, and
/// without one where the text begins with an ASCII character, as every file of settings does.
package enum PlainText {
  /// The text without its mark; nil where the bytes are none of these.
  package static func decode(_ bytes: some Collection<UInt8>) -> String? {
    let bytes = Array(bytes)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return String(validating: bytes[3...], as: UTF8.self) }
    // Before UTF-16: its little-endian mark begins UTF-32's as well.
    guard !bytes.starts(with: [0xFF, 0xFE, 0, 0]) else { return nil }
    if bytes.starts(with: [0xFF, 0xFE]) { return utf16(bytes[2...], isLittle: true) }
    if bytes.starts(with: [0xFE, 0xFF]) { return utf16(bytes[2...], isLittle: false) }
    if bytes.count >= 2, bytes.count.isMultiple(of: 2) {
      if isASCII(bytes[0]), bytes[1] == 0 { return utf16(bytes[...], isLittle: true) }
      if bytes[0] == 0, isASCII(bytes[1]) { return utf16(bytes[...], isLittle: false) }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func isASCII(_ byte: UInt8) -> Bool { byte != 0 && byte < 0x80 }

  private static func utf16(_ bytes: ArraySlice<UInt8>, isLittle: Bool) -> String? {
    guard bytes.count.isMultiple(of: 2) else { return nil }
    let units = stride(from: bytes.startIndex, to: bytes.endIndex, by: 2).map { index -> UInt16 in
      let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
      return isLittle ? second << 8 | first : first << 8 | second
    }
    return String(validating: units, as: UTF16.self)
  }
}
