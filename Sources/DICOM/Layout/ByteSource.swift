package import Errors

/// Random access to the bytes of a dataset: a window that slides over a file, or bytes in memory.
package struct ByteSource: ~Copyable {
  private let file: OpenFile?
  /// Number of bytes.
  let count: Int
  private var window: [UInt8]
  private var windowStart = 0

  /// Large enough for the headers of nearly all CT slices, so that one read is sufficient.
  private static let windowSize = 32768

  init(_ file: consuming OpenFile) {
    count = file.size
    self.file = consume file
    window = []
  }

  init(_ bytes: [UInt8]) {
    file = nil
    count = bytes.count
    window = bytes
  }

  /// Makes bytes `offset ..< offset + length` available in the window; false where the source ends before.
  private mutating func load(_ offset: Int, _ length: Int) throws(StudyError) -> Bool {
    guard offset >= 0, length <= count - offset else { return false }
    if offset >= windowStart, offset + length <= windowStart + window.count { return true }
    guard file != nil else { return false }
    let wanted = Swift.min(Swift.max(length, Self.windowSize), count - offset)
    var fresh = [UInt8](repeating: 0, count: wanted)
    let got = try read(at: offset, into: &fresh)
    window = fresh
    windowStart = offset
    return got >= length
  }

  private func read(at offset: Int, into buffer: inout [UInt8]) throws(StudyError) -> Int {
    var failure: StudyError?
    let got = buffer.withUnsafeMutableBytes { space in
      do throws(StudyError) {
        return try readAll(at: offset, into: space)
      } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    return got
  }

  /// Reads directly into memory, bypassing the window; returns the number of bytes read.
  package func readAll(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(StudyError) -> Int {
    guard offset >= 0, offset < count else { return 0 }
    switch file {
    case .some(let file):
      return try file.read(at: offset, into: buffer)
    case .none:
      let length = Swift.min(buffer.count, count - offset)
      window.withUnsafeBytes {
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<(offset + length)]))
      }
      return length
    }
  }

  mutating func byte(at offset: Int) throws(StudyError) -> UInt8? {
    guard try load(offset, 1) else { return nil }
    return window[offset - windowStart]
  }

  mutating func uint16(at offset: Int, bigEndian: Bool) throws(StudyError) -> UInt16? {
    guard try load(offset, 2) else { return nil }
    let i = offset - windowStart
    let a = UInt16(window[i])
    let b = UInt16(window[i + 1])
    return bigEndian ? a << 8 | b : b << 8 | a
  }

  mutating func uint32(at offset: Int, bigEndian: Bool) throws(StudyError) -> UInt32? {
    guard let a = try uint16(at: offset, bigEndian: bigEndian), let b = try uint16(at: offset + 2, bigEndian: bigEndian)
    else { return nil }
    return bigEndian ? UInt32(a) << 16 | UInt32(b) : UInt32(b) << 16 | UInt32(a)
  }

  /// A copy of the bytes; nil where the source ends before. The caller has checked the length.
  package mutating func bytes(_ range: Range<Int>) throws(StudyError) -> [UInt8]? {
    guard try load(range.lowerBound, range.count) else { return nil }
    return Array(window[(range.lowerBound - windowStart)..<(range.upperBound - windowStart)])
  }
}
