import CDCMTK

/// Text of a file for display: always valid UTF-8. Never used to find or pair anything.
package struct DisplayText: Sendable, Hashable {
  package var text: String
  /// The declared character set did not fit the bytes; another was guessed.
  package var isGuessed: Bool

  package init(text: String = "", isGuessed: Bool = false) {
    self.text = text
    self.isGuessed = isGuessed
  }

  /// Decodes a value by the Specific Character Set (0008,0005) of its dataset.
  ///
  /// Bytes that are invalid in the declared set are tried as UTF-8, then as GB18030. Bytes under ISO_IR 100 or no
  /// declared set are tried this way at once where two of them above 127 are adjacent: Chinese scanners that do not
  /// declare their set.
  package init(_ bytes: [UInt8], characterSet: [UInt8]) {
    var utf8: UnsafeMutablePointer<CChar>?
    var count = 0
    var origin = CDCM_TEXT_DECLARED
    let declared = String(decoding: characterSet.filter { $0 > 0x1F && $0 < 0x7F }, as: UTF8.self)
    let status = bytes.withUnsafeBytes { raw in
      raw.withMemoryRebound(to: CChar.self) { buffer -> cdcm_status in
        guard let base = buffer.baseAddress else { return CDCM_ABSENT }
        return cdcm_text(base, buffer.count, declared, &utf8, &count, &origin)
      }
    }
    guard status == CDCM_OK, let utf8 else {
      self.init()
      return
    }
    defer { cdcm_free(utf8) }
    let text = String(decoding: UnsafeRawBufferPointer(start: utf8, count: count), as: UTF8.self)
    self.init(text: text, isGuessed: origin != CDCM_TEXT_DECLARED)
  }
}
