import CDeflate

/// Bounded expansion of one zlib stream (RFC 1950), as MetaImage contains it.
enum ZlibInflate {
  /// Whether data starts like a zlib stream: deflate with a header checksum.
  static func isZlib(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 2 && bytes[0] & 0x0f == 8 && (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0
  }

  /// Expands the stream into `output` and returns the number of bytes. The checksum is verified.
  static func inflate(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(GzipFailure) -> Int {
    guard let inflater = libdeflate_alloc_decompressor() else { throw .corrupt }
    defer { libdeflate_free_decompressor(inflater) }
    var consumed = 0
    var produced = 0
    let result = libdeflate_zlib_decompress_ex(
      inflater, input.baseAddress, input.count, output.baseAddress, output.count, &consumed, &produced)
    switch result {
    case LIBDEFLATE_SUCCESS: return produced
    case LIBDEFLATE_INSUFFICIENT_SPACE: throw .tooLong
    // libdeflate does not distinguish a truncated stream from a damaged one: in either case the file must be copied
    // again.
    default: throw .corrupt
    }
  }
}
