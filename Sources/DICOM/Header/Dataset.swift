import CDCMTK
package import Errors

/// A dataset parsed by DCMTK, freed when it goes out of scope. Tags are written 0xGGGGEEEE.
package struct Dataset: ~Copyable {
  private let handle: OpaquePointer
  private let display: String

  /// Parses a flat dataset.
  ///
  /// - Throws: `E_UNSUPPORTED_TS`, `E_DICOM_MALFORMED`.
  package init(_ bytes: [UInt8], syntax: TransferSyntax, file: String) throws(StudyError) {
    var handle: OpaquePointer?
    // An empty array has no address, and DCMTK requires one.
    let content = bytes.isEmpty ? [0] : bytes
    let status = cdcm_dataset_read(content, bytes.count, syntax.uid, &handle)
    switch (status, handle) {
    case (CDCM_OK, .some(let handle)):
      self.handle = handle
      self.display = file
    case (CDCM_UNKNOWN_SYNTAX, _):
      throw StudyError(
        .unsupportedSyntax, "is written in \(syntax.name), which cannot be read", file: file,
        hint: "export the series uncompressed (explicit VR little endian)")
    default:
      throw StudyError(
        .malformedDICOM, "the header cannot be parsed", file: file, hint: "the file is damaged; copy or export it again"
      )
    }
  }

  deinit { cdcm_dataset_free(handle) }

  /// The bytes of a text attribute; nil where it is absent or empty.
  func bytes(_ tag: UInt32) -> [UInt8]? {
    var base: UnsafePointer<CChar>?
    var count = 0
    guard cdcm_string(handle, UInt16(tag >> 16), UInt16(tag & 0xFFFF), &base, &count) == CDCM_OK, let base else {
      return nil
    }
    let raw = UnsafeRawBufferPointer(start: base, count: count)
    // Values are padded with a space or a NUL to an even length (PS3.5 6.2).
    guard let first = raw.firstIndex(where: { !isPadding($0) }), let last = raw.lastIndex(where: { !isPadding($0) })
    else { return nil }
    return Array(raw[first...last])
  }

  /// An attribute of the default repertoire (UI, CS, DS, IS, DA, TM, SH of codes) as text. Other bytes appear as `?`.
  func code(_ tag: UInt32) -> String? {
    bytes(tag).map { String(decoding: $0.map { $0 < 0x80 ? $0 : UInt8(ascii: "?") }, as: UTF8.self) }
  }

  /// The values of a multi-valued attribute, without the spaces around them.
  func codes(_ tag: UInt32) -> [String] {
    guard let all = bytes(tag) else { return [] }
    return all.split(separator: UInt8(ascii: "\\"), omittingEmptySubsequences: false).map { part in
      let first = part.firstIndex(where: { !isPadding($0) }) ?? part.endIndex
      let last = part.lastIndex(where: { !isPadding($0) }).map { $0 + 1 } ?? first
      return String(decoding: part[first..<last].map { $0 < 0x80 ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }
  }

  /// Decimal strings (VR DS) as numbers. Nil where there are fewer than `count`, or one is not a finite number.
  func decimals(_ tag: UInt32, count: Int) -> [Double]? {
    let values = codes(tag)
    guard values.count >= count else { return nil }
    var numbers: [Double] = []
    for value in values.prefix(count) {
      // Swift's parser also accepts "inf", "nan" and hexadecimal: none of these is a decimal string.
      guard value.utf8.allSatisfy({ isDecimalCharacter($0) }), let number = Double(value), number.isFinite else {
        return nil
      }
      numbers.append(number)
    }
    return numbers
  }

  func decimal(_ tag: UInt32) -> Double? { decimals(tag, count: 1)?.first }

  /// A number of a binary attribute (US, SS) or an integer string (IS).
  func integer(_ tag: UInt32, at index: Int = 0) -> Int? {
    var value: Int64 = 0
    if cdcm_integer(handle, UInt16(tag >> 16), UInt16(tag & 0xFFFF), index, &value) == CDCM_OK { return Int(value) }
    let values = codes(tag)
    return index < values.count ? Int(values[index]) : nil
  }

  /// Decodes encapsulated pixel data into exactly `buffer.count` bytes.
  ///
  /// - Throws: `E_DECODE`.
  package func decode(into buffer: UnsafeMutableRawBufferPointer) throws(StudyError) {
    guard let base = buffer.baseAddress else { return }
    let status = cdcm_decode(handle, base, buffer.count)
    guard status == CDCM_OK else {
      throw StudyError(
        .cannotDecode,
        status == CDCM_WRONG_SIZE
          ? "the compressed pixels do not fill the image of the header" : "the compressed pixels cannot be decoded",
        file: display, hint: "the file is damaged; copy or export it again")
    }
  }
}

private func isPadding(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0 }

func isDecimalCharacter(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
    UInt8(ascii: "e"),
    UInt8(ascii: "E"):
    true
  default: false
  }
}
