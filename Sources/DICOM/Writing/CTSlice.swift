import CDCMTK
package import Errors

/// A CT slice to be written as a DICOM file: phantoms and test data. Patients' files are never written.
package struct CTSlice: Sendable {
  package enum Value: Sendable, Equatable {
    /// A value of any text VR, and of DS and IS: bytes in the slice's character set.
    case text([UInt8])
    /// VR US.
    case number(UInt16)
    /// VR UL.
    case long(UInt32)
    /// A sequence of items.
    case items([[UInt32: Value]])
    /// A sequence of one coded entry: code value, coding scheme, meaning.
    case code(String, String, String)
  }

  /// By tag, 0xGGGGEEEE. The file meta information follows from it.
  package var attributes: [UInt32: Value]
  /// (7FE0,0010): samples of 16 bits, columns fastest, frame after frame where there are several.
  package var pixels: [UInt16]

  package init(attributes: [UInt32: Value] = [:], pixels: [UInt16] = []) {
    self.attributes = attributes
    self.pixels = pixels
  }

  package mutating func set(_ tag: UInt32, _ text: String) { attributes[tag] = .text(Array(text.utf8)) }

  package mutating func set(_ tag: UInt32, _ numbers: [Double]) {
    set(tag, numbers.map(decimalString).joined(separator: "\\"))
  }

  package mutating func set(_ tag: UInt32, number: Int) {
    attributes[tag] = .number(UInt16(truncatingIfNeeded: number))
  }

  /// Explicit VR little endian.
  package static let uncompressed = "1.2.840.10008.1.2.1"

  /// Writes the file. The same slice gives the same bytes (with one version of DCMTK).
  ///
  /// - Parameter transferSyntax: UID of an uncompressed or lossless transfer syntax that DCMTK writes.
  /// - Throws: `E_IO`, `E_INTERNAL` where an attribute has no such value.
  package func write(to path: String, transferSyntax: String = uncompressed) throws(StudyError) {
    guard let writer = cdcm_writer_create() else { throw StudyError(.internalFault, "no memory to write a slice") }
    defer { cdcm_writer_free(writer) }
    try Self.put(attributes, writer, path)
    if !pixels.isEmpty {
      guard cdcm_writer_pixels(writer, pixels, pixels.count) == CDCM_OK else {
        throw StudyError(.internalFault, "the pixels cannot be written", file: path)
      }
    }
    guard cdcm_writer_save(writer, path, transferSyntax) == CDCM_OK else {
      throw StudyError(.io, "cannot be written", file: path, hint: "check free space and permissions")
    }
  }
}

extension CTSlice {
  private static func put(
    _ attributes: [UInt32: Value], _ writer: OpaquePointer, _ path: String
  ) throws(StudyError) {
    for (tag, value) in attributes.sorted(by: { $0.key < $1.key }) {
      let group = UInt16(tag >> 16)
      let element = UInt16(tag & 0xFFFF)
      var status = CDCM_OK
      switch value {
      case .text(let bytes):
        status = cdcm_writer_string(writer, group, element, bytes.map { CChar(bitPattern: $0) } + [0])
      case .number(let number): status = cdcm_writer_uint16(writer, group, element, number)
      case .long(let number): status = cdcm_writer_uint32(writer, group, element, number)
      case .code(let code, let scheme, let meaning):
        status = cdcm_writer_code(writer, group, element, code, scheme, meaning)
      case .items(let items):
        for item in items where status == CDCM_OK {
          status = cdcm_writer_begin_item(writer, group, element)
          guard status == CDCM_OK else { break }
          try put(item, writer, path)
          cdcm_writer_end_item(writer)
        }
      }
      guard status == CDCM_OK else {
        throw StudyError(.internalFault, "attribute \(String(tag, radix: 16)) cannot hold its value", file: path)
      }
    }
  }
}

/// A number as a DICOM decimal string: at most 16 characters (PS3.5 table 6.2-1), and as exact as they allow.
package func decimalString(_ value: Double) -> String {
  let plain = value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
  if plain.utf8.count <= 16 { return plain }
  for digits in stride(from: 15, through: 0, by: -1) {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let text = String((value * scale).rounded() / scale)
    if text.utf8.count <= 16 { return text }
  }
  return plain
}
