internal import Errors

/// The text of a table, whatever its encoding: UTF-8 (with a byte-order mark or without), UTF-16, GBK.
package struct TableText: Sendable, Equatable {
  /// UTF-8, without a byte-order mark.
  package let bytes: [UInt8]
  /// The original encoding, where it was not UTF-8.
  package let note: String?

  /// - Throws: `E_FEATURE_TABLE` where it is none of these.
  package init(_ raw: [UInt8], file: String?) throws {
    if raw.starts(with: [0xEF, 0xBB, 0xBF]) {
      (bytes, note) = (Array(raw.dropFirst(3)), nil)
    } else if raw.starts(with: [0xFF, 0xFE, 0, 0]) || raw.starts(with: [0, 0, 0xFE, 0xFF]) {
      throw Self.fault("is UTF-32 text", file)
    } else if raw.starts(with: [0xFF, 0xFE]) || raw.starts(with: [0xFE, 0xFF]) {
      bytes = try Self.utf16(raw.dropFirst(2), isLittle: raw[0] == 0xFF, file)
      note = "the table is UTF-16 text and was read as such"
    } else if let isLittle = Self.looksLikeUTF16(raw) {
      bytes = try Self.utf16(raw[...], isLittle: isLittle, file)
      note = "the table is UTF-16 text without a byte-order mark and was read as such"
    } else if String(validating: raw, as: UTF8.self) != nil {
      (bytes, note) = (raw, nil)
    } else if Self.looksLikeGBK(raw), let text = GB18030.utf8(raw) {
      bytes = text
      note = "the table is not UTF-8 and was read as GBK: check its names"
    } else {
      throw Self.fault("is neither UTF-8 nor UTF-16 nor GBK text", file)
    }
  }

  private static func utf16(_ raw: ArraySlice<UInt8>, isLittle: Bool, _ file: String?) throws -> [UInt8] {
    guard raw.count % 2 == 0 else { throw fault("is UTF-16 text that ends within a character", file) }
    let raw = Array(raw)
    let units = stride(from: 0, to: raw.count, by: 2).map { at -> UInt16 in
      let (first, second) = (UInt16(raw[at]), UInt16(raw[at + 1]))
      return isLittle ? second << 8 | first : first << 8 | second
    }
    guard let text = String(validating: units, as: UTF16.self) else { throw fault("is damaged UTF-16 text", file) }
    return Array(text.utf8)
  }

  /// Every other byte of the beginning is 0, as in UTF-16 of Latin letters: whether the second of each two is.
  private static func looksLikeUTF16(_ raw: [UInt8]) -> Bool? {
    let head = raw.prefix(512)
    guard raw.count >= 8, raw.count % 2 == 0 else { return nil }
    let zeros = [0, 1].map { rest in head.indices.count { $0 % 2 == rest && head[$0] == 0 } }
    let most = head.count / 2
    if zeros[0] == 0, zeros[1] * 4 >= most * 3 { return true }
    if zeros[1] == 0, zeros[0] * 4 >= most * 3 { return false }
    return nil
  }

  /// Bytes above ASCII come in pairs within GB2312's range: Western text of one byte per letter hardly ever does.
  private static func looksLikeGBK(_ raw: [UInt8]) -> Bool {
    var at = 0
    while at < raw.count {
      guard raw[at] >= 0x80 else {
        at += 1
        continue
      }
      guard (0xA1...0xF7).contains(raw[at]), at + 1 < raw.count, (0xA1...0xFE).contains(raw[at + 1]) else {
        return false
      }
      at += 2
    }
    return true
  }

  private static func fault(_ message: String, _ file: String?) -> StudyError {
    StudyError(
      .featureTable, "the table \(message)", file: file,
      hint: "save it as UTF-8: in Excel, \"CSV UTF-8 (comma delimited)\"")
  }
}
