/// One compressed image as the smallest dataset that a decoder accepts: the attributes of its pixels and one fragment.
/// Nothing else of an untrusted header reaches the decoder.
package enum EncapsulatedImage {
  /// The dataset's elements, explicit VR little endian.
  package static func dataset(_ codestream: [UInt8], _ description: PixelDescription, photometric: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(codestream.count + 160)
    func put16(_ value: Int) { bytes += [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)] }
    func put32(_ value: Int) {
      put16(value)
      put16(value >> 16)
    }
    func number(_ element: Int, _ value: Int) {
      put16(0x0028)
      put16(element)
      bytes += Array("US".utf8)
      put16(2)
      put16(value)
    }
    number(0x0002, 1)
    put16(0x0028)
    put16(0x0004)
    bytes += Array("CS".utf8)
    let text = Array(photometric.utf8) + (photometric.utf8.count % 2 == 0 ? [] : [0x20])
    put16(text.count)
    bytes += text
    number(0x0010, description.rows)
    number(0x0011, description.columns)
    number(0x0100, description.bitsAllocated)
    number(0x0101, description.bitsStored)
    number(0x0102, description.highBit)
    number(0x0103, description.isSigned ? 1 : 0)
    put16(0x7FE0)
    put16(0x0010)
    bytes += Array("OB".utf8)
    put16(0)
    put32(0xFFFF_FFFF)
    // An empty offset table, the fragment, the delimiter.
    let length = codestream.count + codestream.count % 2
    for (element, count) in [(0xE000, 0), (0xE000, length), (0xE0DD, 0)] {
      put16(0xFFFE)
      put16(element)
      put32(count)
      guard count > 0 else { continue }
      bytes += codestream
      if codestream.count % 2 == 1 { bytes.append(0) }
    }
    return bytes
  }
}
