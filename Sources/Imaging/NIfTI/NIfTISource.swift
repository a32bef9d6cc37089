import Errors

/// The bytes of a NIfTI file, expanded where they are gzip: its header first, then all voxels in one go.
struct NIfTISource: ~Copyable {
  private let file: InputFile
  /// The first bytes of the file: enough for any header, compressed or not.
  private let start: [UInt8]
  let isCompressed: Bool

  init(_ path: String) throws {
    let file = try InputFile(path)
    let start = try file.prefix(1 << 16)
    isCompressed = start.withUnsafeBytes { GzipInflate.isGzip($0) }
    self.start = start
    self.file = file
  }

  var path: String { file.path }
  /// Bytes of the file.
  var size: Int { file.size }

  /// The most bytes that the file's content can have: deflate expands at most 1032 times.
  var largestContent: Int {
    isCompressed ? size.multipliedReportingOverflow(by: 1032).partialValue : size
  }

  /// The header's bytes, or fewer where the file is shorter.
  func header() throws -> [UInt8] {
    guard isCompressed else { return Array(start.prefix(NIfTIHeader.byteCount)) }
    do {
      return try start.withUnsafeBytes { bytes in
        try GzipInflate.prefix(of: bytes, count: NIfTIHeader.byteCount)
      }
    } catch let error as GzipFailure {
      throw failure(error, announced: NIfTIHeader.byteCount)
    }
  }

  /// `count` values of type T from byte `offset` of the content, in the file's byte order.
  ///
  /// A compressed file is expanded into the array itself, header included, and moved down: there is no second copy.
  func load<T: BitwiseCopyable>(_ type: T.Type, count: Int, offset: Int) throws -> [T] {
    let wanted = count * MemoryLayout<T>.stride
    guard isCompressed else {
      return try [T](unsafeUninitializedCapacity: count) { buffer, initialized in
        let bytes = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: wanted)
        guard try file.read(into: bytes, at: offset) == wanted else { throw failure(.truncated, announced: wanted) }
        initialized = count
      }
    }
    let compressed = try [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
      initialized = try file.read(into: UnsafeMutableRawBufferPointer(buffer), at: 0)
    }
    let content = offset + wanted
    // A little more than announced is let through, as ITK ignores it; pages never written cost no memory.
    let limit = content + content / 10 + (1 << 16)
    return try [T](unsafeUninitializedCapacity: limit / MemoryLayout<T>.stride + 1) { buffer, initialized in
      let bytes = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: limit)
      let produced: Int
      do {
        produced = try compressed.withUnsafeBytes { input in
          try GzipInflate.inflate(input, into: bytes)
        }
      } catch let error as GzipFailure {
        throw failure(error, announced: content)
      }
      guard produced >= content else { throw failure(.truncated, announced: content, found: produced) }
      bytes.baseAddress!.copyMemory(from: bytes.baseAddress! + offset, byteCount: wanted)
      initialized = count
    }
  }

  private func failure(_ cause: GzipFailure, announced: Int, found: Int? = nil) -> StudyError {
    switch cause {
    case .truncated:
      StudyError(
        .truncated,
        "the data end too early: \(announced) bytes are announced" + (found.map { ", \($0) are there" } ?? ""),
        file: path, hint: "copy the file again")
    case .corrupt:
      StudyError(
        .corrupt, "the compressed data are damaged", file: path, hint: "copy the file again, or export it again")
    case .tooLong:
      StudyError(
        .limit, "the data expand to far more than the \(announced) bytes that the header announces", file: path,
        hint: "do not trust this file")
    }
  }
}
