/// Reads numbers at byte offsets of a header, in the byte order that makes its first number 348 or 540.
struct NIfTIFields {
  private let bytes: [UInt8]
  /// The header is big-endian.
  let swapped: Bool

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    swapped = bytes.count >= 4 && bytes[0] == 0 && bytes[1] == 0
  }

  var count: Int { bytes.count }

  var sizeOfHeader: Int { Int(Int32(bitPattern: word(0))) }

  /// The three letters of the magic, or empty where it is another.
  var magic: String {
    let letters = bytes[344..<347]
    guard bytes[347] == 0, letters.allSatisfy({ (0x21...0x7e).contains($0) }) else { return "" }
    return String(decoding: letters, as: UTF8.self)
  }

  func byte(_ offset: Int) -> UInt8 { bytes[offset] }

  func int16(_ offset: Int) -> Int {
    let low = UInt16(bytes[swapped ? offset + 1 : offset])
    let high = UInt16(bytes[swapped ? offset : offset + 1])
    return Int(Int16(bitPattern: high << 8 | low))
  }

  func float(_ offset: Int) -> Float { Float(bitPattern: word(offset)) }

  /// A float, or 0 where it is NaN (FIXED_FLOAT of niftilib).
  func fixedFloat(_ offset: Int) -> Float {
    let value = float(offset)
    return value.isFinite ? value : 0
  }

  private func word(_ offset: Int) -> UInt32 {
    guard offset + 4 <= bytes.count else { return 0 }
    let value = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
    return swapped ? value.byteSwapped : value
  }
}
