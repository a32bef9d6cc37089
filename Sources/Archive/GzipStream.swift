internal import CDeflate
internal import Glibc

/// The bytes of a gzip file through zlib, which checks length and CRC-32 at the end, unlike libarchive's own filter.
final class GzipStream {
  private let stream: gzFile
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 16)
  /// Number of zeros at the end of the stream so far: a tar ends with two blocks of them.
  private(set) var trailingZeros = 0
  private(set) var isDamaged = false
  /// More bytes were produced than allowed.
  private(set) var isOverLimit = false
  private var room: Int64

  /// Nil where zlib has no memory. The caller keeps the descriptor.
  ///
  /// - Parameter limit: bytes that may be produced, whether or not they are used.
  init?(_ descriptor: Int32, limit: Int64) {
    room = limit
    let copy = dup(descriptor)
    guard copy >= 0 else { return nil }
    lseek(copy, 0, SEEK_SET)
    guard let stream = gzdopen(copy, "rb") else {
      close(copy)
      return nil
    }
    gzbuffer(stream, 1 << 17)
    self.stream = stream
  }

  deinit {
    gzclose(stream)
    buffer.deallocate()
  }

  /// The next bytes; none at the end, nil where the data are truncated or damaged.
  func next() -> UnsafeRawBufferPointer? {
    guard !isDamaged, !isOverLimit else { return nil }
    let count = gzread(stream, buffer.baseAddress, UInt32(buffer.count))
    var error: Int32 = 0
    _ = gzerror(stream, &error)
    // A truncated stream returns its data and Z_BUF_ERROR.
    guard count >= 0, error == Z_OK || error == Z_STREAM_END else {
      isDamaged = true
      return nil
    }
    room -= Int64(count)
    guard room >= 0 else {
      isOverLimit = true
      return nil
    }
    let part = UnsafeRawBufferPointer(rebasing: buffer[..<Int(count)])
    if let last = part.lastIndex(where: { $0 != 0 }) {
      trailingZeros = part.count - 1 - last
    } else {
      trailingZeros += part.count
    }
    return part
  }

  /// Reads the rest, so that the checksum is verified; false where the stream is truncated or damaged.
  func finish() -> Bool {
    while let part = next(), !part.isEmpty {}
    return !isDamaged && !isOverLimit
  }
}
