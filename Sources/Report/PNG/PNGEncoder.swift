internal import CDeflate

/// Writes PNG files (ISO/IEC 15948): 8-bit palette, each row as differences of adjacent pixels, deflated.
package enum PNGEncoder {
  /// - Parameter text: keyword and Latin-1 text pairs for `tEXt` chunks.
  /// - Returns: the file's bytes, the same for the same picture. Clear pixels are transparent.
  package static func encode(_ image: IndexedImage, text: [(keyword: String, value: String)] = []) -> [UInt8] {
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    // Width, height, 8 bits, colour type palette, deflate, adaptive filters, not interlaced.
    append("IHDR", bigEndian(UInt32(image.width)) + bigEndian(UInt32(image.height)) + [8, 3, 0, 0, 0], to: &file)
    for (keyword, value) in text { append("tEXt", latin1(keyword) + [0] + latin1(value), to: &file) }
    append("PLTE", IndexedImage.palette, to: &file)
    let clear = IndexedImage.Colour.clear.index
    if image.bytes.contains(clear) {
      append("tRNS", [UInt8](repeating: 255, count: Int(clear)) + [0], to: &file)
    }
    append("IDAT", deflated(filtered(image)), to: &file)
    append("IEND", [], to: &file)
    return file
  }

  /// Filter type 1 (Sub): a byte minus the one before. The palette's greys are in order, so neighbours differ little.
  private static func filtered(_ image: IndexedImage) -> [UInt8] {
    let width = image.width
    return [UInt8](unsafeUninitializedCapacity: (width + 1) * image.height) { out, count in
      image.bytes.withUnsafeBufferPointer { bytes in
        for row in 0..<image.height {
          let (from, to) = (row * width, row * (width + 1))
          out[to] = 1
          out[to + 1] = bytes[from]
          for column in 1..<max(width, 1) { out[to + 1 + column] = bytes[from + column] &- bytes[from + column - 1] }
        }
      }
      count = (width + 1) * image.height
    }
  }

  private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    guard let compressor = libdeflate_alloc_compressor(6) else { fatalError("libdeflate has no memory") }
    defer { libdeflate_free_compressor(compressor) }
    let bound = libdeflate_zlib_compress_bound(compressor, bytes.count)
    return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
      count = bytes.withUnsafeBytes {
        libdeflate_zlib_compress(compressor, $0.baseAddress, $0.count, buffer.baseAddress, bound)
      }
    }
  }

  private static func append(_ type: StaticString, _ data: [UInt8], to file: inout [UInt8]) {
    let chunk = type.withUTF8Buffer { Array($0) } + data
    file += bigEndian(UInt32(data.count)) + chunk
    file += bigEndian(chunk.withUnsafeBytes { libdeflate_crc32(0, $0.baseAddress, $0.count) })
  }

  private static func bigEndian(_ number: UInt32) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }

  private static func latin1(_ text: String) -> [UInt8] {
    text.unicodeScalars.map {
      (0x20...0x7E).contains($0.value) || (0xA1...0xFF).contains($0.value) ? UInt8($0.value) : 63
    }
  }
}
