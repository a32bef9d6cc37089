import Errors

/// The voxels of an open file: raw at some offset, or within a gzip or zlib stream.
struct VoxelFile: ~Copyable {
  private let file: InputFile
  /// Where the gzip stream starts, or nil where the content is not compressed.
  private let compressedFrom: Int?
  /// The voxels' first byte: in the file, or in the expanded stream.
  private let offset: Int
  private let count: Int
  private let swapped: Bool

  /// - Parameters:
  ///   - offset: of the first voxel, in the file or in the expanded stream.
  ///   - count: voxels.
  ///   - swapped: the file is big-endian.
  ///   - maximumBytes: refuse more bytes of voxels.
  /// - Throws: `E_LIMIT`; `E_TRUNCATED` where the file cannot contain that many. Nothing is allocated before.
  init(
    _ file: consuming InputFile, compressedFrom: Int?, offset: Int, count: Int, type: StoredType, swapped: Bool,
    maximumBytes: Int
  ) throws {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: type.bytes)
    guard !overflow, bytes <= maximumBytes else {
      throw StudyError(
        .limit, "the header asks for \(count) voxels of \(type.bytes) bytes; \(maximumBytes) bytes are allowed",
        file: file.path, hint: "check the sizes in the header")
    }
    // Deflate expands at most 1032 times.
    let available = compressedFrom.map { (file.size - $0) * 1032 } ?? file.size
    guard offset + bytes <= available else {
      throw StudyError(
        .truncated,
        "\(offset + bytes) bytes are needed, but the file has \(file.size)"
          + (compressedFrom == nil ? "" : " compressed ones"),
        file: file.path, hint: "copy the file again")
    }
    self.file = file
    self.compressedFrom = compressedFrom
    self.offset = offset
    self.count = count
    self.swapped = swapped
  }

  /// The values in this machine's byte order, in the narrowest type that represents them.
  ///
  /// - Parameter asLabels: 64-bit integers beyond 32 bits are read as well, as float64: each must be exact in it.
  func voxels(_ type: StoredType, asLabels: Bool = false) throws -> Voxels {
    switch type {
    case .uint8: return .int16(try loadBytes(signed: false))
    case .int8: return .int16(try loadBytes(signed: true))
    case .int16: return .int16(ordered(try load(Int16.self)))
    case .uint16: return .int32(Self.widened(ordered(try load(UInt16.self))) { Int32($0) })
    case .int32: return .int32(ordered(try load(Int32.self)))
    case .uint32: return .float64(ordered(try load(UInt32.self)).map(Double.init))
    case .int64: return try narrowed(ordered(try load(Int64.self)), asLabels)
    case .uint64: return try narrowed(ordered(try load(UInt64.self)).map { Int64(clamping: $0) }, asLabels)
    case .float32:
      return .float32(
        swapped ? try load(UInt32.self).map { Float(bitPattern: $0.byteSwapped) } : try load(Float.self))
    case .float64:
      return .float64(
        swapped ? try load(UInt64.self).map { Double(bitPattern: $0.byteSwapped) } : try load(Double.self))
    }
  }

  /// A compressed file is expanded into the array itself, with the bytes before the voxels, and moved down: there is
  /// no second copy.
  private func load<T: BitwiseCopyable>(_ type: T.Type) throws -> [T] {
    let wanted = count * MemoryLayout<T>.stride
    guard let compressedFrom else {
      return try [T](unsafeUninitializedCapacity: count) { buffer, initialized in
        let bytes = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: wanted)
        guard try file.read(into: bytes, at: offset) == wanted else {
          throw GzipFailure.truncated.error(file: file.path, announced: wanted)
        }
        initialized = count
      }
    }
    let limit = expandedLimit(offset + wanted)
    return try [T](unsafeUninitializedCapacity: limit / MemoryLayout<T>.stride + 1) { buffer, initialized in
      let bytes = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: limit)
      try expand(compressedFrom, into: bytes, content: offset + wanted)
      bytes.baseAddress!.copyMemory(from: bytes.baseAddress! + offset, byteCount: wanted)
      initialized = count
    }
  }

  /// Bytes as 16-bit values. A compressed file is expanded into the far end of the array and widened from there.
  private func loadBytes(signed: Bool) throws -> [Int16] {
    guard let compressedFrom else {
      return signed ? Self.widened(try load(Int8.self)) { Int16($0) } : Self.widened(try load(UInt8.self)) { Int16($0) }
    }
    let limit = expandedLimit(offset + count)
    // So far away that no block of values reaches the bytes of a later one.
    let far = count + Self.block
    return try [Int16](unsafeUninitializedCapacity: (far + limit + Self.block) / 2 + 1) { buffer, initialized in
      let start = UnsafeMutableRawPointer(buffer.baseAddress!)
      try expand(
        compressedFrom, into: UnsafeMutableRawBufferPointer(start: start + far, count: limit), content: offset + count)
      Self.widen(UnsafeRawPointer(start + (far + offset)), count, signed: signed, into: buffer.baseAddress!)
      initialized = count
    }
  }

  private static let block = 4096

  private static func widen(
    _ source: UnsafeRawPointer, _ count: Int, signed: Bool, into target: UnsafeMutablePointer<Int16>
  ) {
    withUnsafeTemporaryAllocation(byteCount: block, alignment: 16) { bytes in
      for start in stride(from: 0, to: count, by: block) {
        let used = min(block, count - start)
        bytes.baseAddress!.copyMemory(from: source + start, byteCount: used)
        if signed {
          let values = bytes.bindMemory(to: Int8.self)
          for i in 0..<used { target[start &+ i] = Int16(values[i]) }
        } else {
          let values = bytes.bindMemory(to: UInt8.self)
          for i in 0..<used { target[start &+ i] = Int16(values[i]) }
        }
      }
    }
  }

  /// Bytes that a compressed file with this much content may expand to. A little more than announced is accepted,
  /// because ITK ignores it; pages never written cost no memory.
  private func expandedLimit(_ content: Int) -> Int { content + content / 10 + (1 << 16) }

  private func expand(_ compressedFrom: Int, into target: UnsafeMutableRawBufferPointer, content: Int) throws {
    let compressed = try [UInt8](unsafeUninitializedCapacity: file.size - compressedFrom) { buffer, initialized in
      initialized = try file.read(into: UnsafeMutableRawBufferPointer(buffer), at: compressedFrom)
    }
    do {
      let produced = try compressed.withUnsafeBytes { input in
        ZlibInflate.isZlib(input)
          ? try ZlibInflate.inflate(input, into: target) : try GzipInflate.inflate(input, into: target)
      }
      guard produced >= content else { throw GzipFailure.truncated }
    } catch let failure as GzipFailure {
      throw failure.error(file: file.path, announced: content)
    }
  }

  /// A loop that the compiler vectorises, unlike `map`.
  @inline(__always)
  private static func widened<T, U>(_ values: [T], _ convert: (T) -> U) -> [U] {
    [U](unsafeUninitializedCapacity: values.count) { target, initialized in
      values.withUnsafeBufferPointer { source in
        for i in 0..<source.count { target.initializeElement(at: i, to: convert(source[i])) }
      }
      initialized = values.count
    }
  }

  private func ordered<T: FixedWidthInteger>(_ values: consuming [T]) -> [T] {
    guard swapped else { return values }
    values.withUnsafeMutableBufferPointer { buffer in
      for index in buffer.indices { buffer[index] = buffer[index].byteSwapped }
    }
    return values
  }

  /// 64-bit integers as 32-bit ones.
  private func narrowed(_ values: [Int64], _ asLabels: Bool) throws -> Voxels {
    let wide = values.first { $0 != Int64(Int32(truncatingIfNeeded: $0)) }
    if let value = wide {
      if asLabels, values.allSatisfy({ $0.magnitude < 1 << 53 }) { return .float64(values.map(Double.init)) }
      throw StudyError(
        .pixelType, "a 64-bit integer image holds values beyond 32 bits, such as \(value)", file: file.path,
        hint: "save it as int32 or float64")
    }
    return .int32(values.map(Int32.init(truncatingIfNeeded:)))
  }
}
