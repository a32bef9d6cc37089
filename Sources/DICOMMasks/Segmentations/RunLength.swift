internal import DICOM

/// RLE as defined by DICOM (PS3.5 annex G): up to 15 segments of packed bytes, the most significant bytes first.
enum RunLength {
  /// Decodes a frame of samples of `bytes` bytes into little-endian samples; nil where the stream does not fill it.
  static func decode(_ stream: [UInt8], count: Int, bytes: Int) -> [UInt8]? {
    guard stream.count >= 64, number(stream, 0) == bytes else { return nil }
    var out = [UInt8](repeating: 0, count: count * bytes)
    for segment in 0..<bytes {
      let start = number(stream, 4 + 4 * segment)
      let end = segment + 1 < bytes ? number(stream, 8 + 4 * segment) : stream.count
      guard start >= 64, start <= end, end <= stream.count else { return nil }
      // The first segment contains the high bytes.
      guard unpack(stream[start..<end], into: &out, from: bytes - 1 - segment, step: bytes, count: count) else {
        return nil
      }
    }
    return out
  }

  private static func number(_ stream: [UInt8], _ offset: Int) -> Int {
    (0..<4).reduce(0) { $0 | Int(stream[offset + $1]) << (8 * $1) }
  }

  private static func unpack(
    _ packed: ArraySlice<UInt8>, into out: inout [UInt8], from first: Int, step: Int, count: Int
  ) -> Bool {
    var position = packed.startIndex
    var done = 0
    while done < count, position < packed.endIndex {
      let head = packed[position]
      position += 1
      if head < 128 {
        let length = Int(head) + 1
        guard length <= packed.endIndex - position else { return false }
        for offset in 0..<min(length, count - done) { out[first + (done + offset) * step] = packed[position + offset] }
        position += length
        done += length
      } else if head > 128 {
        guard position < packed.endIndex else { return false }
        let length = 257 - Int(head)
        for offset in 0..<min(length, count - done) { out[first + (done + offset) * step] = packed[position] }
        position += 1
        done += length
      }
    }
    return done >= count
  }
}
