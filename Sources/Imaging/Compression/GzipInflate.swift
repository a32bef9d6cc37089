import CDeflate

/// Why gzip data could not be expanded.
enum GzipFailure: Error, Equatable {
  /// The data ends before the stream does.
  case truncated
  /// Not a valid gzip stream: bad header, bad code or wrong checksum.
  case corrupt
  /// There is more than the caller allows: a decompression bomb, or a header that understates the size.
  case tooLong
}

/// Bounded expansion of gzip data (RFC 1952): the caller's buffer is the limit, whatever the file states.
enum GzipInflate {
  /// Whether data starts like a gzip member: two magic bytes and the deflate method.
  static func isGzip(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 3 && bytes[0] == 0x1f && bytes[1] == 0x8b && bytes[2] == 8
  }

  /// The first `count` bytes of the expanded data, or fewer where the input ends before: to read a header.
  static func prefix(of input: UnsafeRawBufferPointer, count: Int) throws(GzipFailure) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: count)
    var filled = 0
    var position = 0
    while filled < count, position < input.count {
      let rest = UnsafeRawBufferPointer(rebasing: input[position...])
      if position > 0, !isGzip(rest) { break }
      let start = filled
      let member = output.withUnsafeMutableBytes { bytes in
        stream(rest, into: UnsafeMutableRawBufferPointer(rebasing: bytes[start...]))
      }
      filled += member.produced
      position += member.consumed
      if member.status == .corrupt { throw .corrupt }
      if member.status != .ended { break }
    }
    output.removeLast(count - filled)
    return output
  }

  /// Expands every member of `input` into `output` and returns the number of bytes. Bytes after the last member
  /// that do not start another one are ignored, as zlib's `gzread` does. Checksums are verified.
  static func inflate(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(GzipFailure) -> Int {
    guard let inflater = libdeflate_alloc_decompressor() else { throw .corrupt }
    defer { libdeflate_free_decompressor(inflater) }
    var filled = 0
    var position = 0
    repeat {
      let rest = UnsafeRawBufferPointer(rebasing: input[position...])
      if position > 0, !isGzip(rest) { break }
      var consumed = 0
      var produced = 0
      let result = libdeflate_gzip_decompress_ex(
        inflater, rest.baseAddress, rest.count, output.baseAddress.map { $0 + filled }, output.count - filled,
        &consumed, &produced)
      switch result {
      case LIBDEFLATE_SUCCESS:
        filled += produced
        position += consumed
      case LIBDEFLATE_INSUFFICIENT_SPACE:
        throw .tooLong
      default:
        throw diagnosis(of: rest, limit: output.count - filled)
      }
    } while position < input.count
    return filled
  }

  /// libdeflate does not distinguish a truncated stream from a damaged one; zlib does.
  private static func diagnosis(of member: UnsafeRawBufferPointer, limit: Int) -> GzipFailure {
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { scratch.deallocate() }
    return stream(member, into: scratch, reuse: limit).status == .starved ? .truncated : .corrupt
  }

  private enum StreamStatus { case ended, full, starved, corrupt }

  /// Expands one member with zlib until it ends or the output is full. With `reuse`, the output is scratch that is
  /// overwritten until that number of bytes has been produced.
  private static func stream(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, reuse: Int = 0
  ) -> (status: StreamStatus, consumed: Int, produced: Int) {
    var stream = z_stream()
    // 15 bits of window, and 16 for a gzip wrapper only.
    guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK else {
      return (.corrupt, 0, 0)
    }
    defer { inflateEnd(&stream) }
    let bytes = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
    var consumed = 0
    var produced = 0
    while true {
      let place = reuse > 0 ? 0 : produced
      let piece = UInt32(clamping: min(input.count - consumed, 1 << 30))
      let room = UInt32(clamping: min(output.count - place, 1 << 30))
      if room == 0 || (reuse > 0 && produced > reuse) { return (.full, consumed, produced) }
      stream.next_in = bytes.map { $0 + consumed }
      stream.avail_in = piece
      stream.next_out = output.bindMemory(to: UInt8.self).baseAddress.map { $0 + place }
      stream.avail_out = room
      let result = zlibInflate(&stream)
      consumed += Int(piece - stream.avail_in)
      produced += Int(room - stream.avail_out)
      switch result {
      case Z_STREAM_END: return (.ended, consumed, produced)
      case Z_OK, Z_BUF_ERROR:
        if stream.avail_out > 0, consumed == input.count { return (.starved, consumed, produced) }
      default: return (.corrupt, consumed, produced)
      }
    }
  }
}

/// zlib's function, whose name `GzipInflate.inflate` hides.
private func zlibInflate(_ stream: inout z_stream) -> CInt { inflate(&stream, Z_NO_FLUSH) }
