package import Errors

/// The transfer syntax declares lossless pixels; the codestream shows whether they are.
package enum LosslessCheck {
  /// - Throws: `E_LOSSY` where a JPEG is not of the lossless process (SOF3), or a JPEG-LS allows errors (NEAR above 0);
  ///   `E_DECODE` where there is no whole header. DCMTK 3.6.7 searches endlessly for it in some damaged ones.
  package static func require(_ codestream: [UInt8], _ syntax: TransferSyntax, file: String) throws(StudyError) {
    let process: UInt8
    switch syntax.uid {
    case "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70": process = 0xC3
    case "1.2.840.10008.1.2.4.80": process = 0xF7
    default: return
    }
    guard let found = firstScan(codestream) else {
      throw StudyError(
        .cannotDecode, "has compressed pixels (\(syntax.name)) whose header is damaged", file: file,
        hint: "export it again, uncompressed")
    }
    guard found.frame == process, process == 0xC3 || found.near == 0 else {
      throw StudyError(
        .lossy, "was compressed with loss, though its transfer syntax is \(syntax.name)", file: file,
        hint: "export the original, uncompressed or lossless")
    }
  }

  /// The frame's marker (SOFn, the process) and, for JPEG-LS, NEAR of the first scan. Nil where the segments do not lead
  /// there.
  private static func firstScan(_ bytes: [UInt8]) -> (frame: UInt8, near: UInt8)? {
    guard bytes.starts(with: [0xFF, 0xD8]) else { return nil }
    var position = 2
    var frame: UInt8?
    while position + 4 <= bytes.count, bytes[position] == 0xFF {
      let marker = bytes[position + 1]
      if marker == 0xFF {
        position += 1
        continue
      }
      // TEM, RSTn, SOI and EOI have no length, and are invalid before the scan.
      if marker == 0x01 || (0xD0...0xD9).contains(marker) { return nil }
      let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
      guard length >= 2, position + 2 + length <= bytes.count else { return nil }
      if (0xC0...0xCF).contains(marker) && ![0xC4, 0xC8, 0xCC].contains(marker) || marker == 0xF7 { frame = marker }
      if marker == 0xDA {
        // Components, two bytes each, then NEAR (ISO 14495-1 C.2.3).
        let near = position + 5 + 2 * Int(bytes[position + 4])
        guard let frame, near < position + 2 + length else { return nil }
        return (frame, bytes[near])
      }
      position += 2 + length
    }
    return nil
  }
}
