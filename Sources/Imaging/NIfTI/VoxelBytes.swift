import Errors

/// The bytes of a volume's voxels as its file stores them (little-endian, in the pixel type), piece by piece, so that
/// no second copy of the volume is made.
struct VoxelBytes: Sendable {
  private enum Storage: Sendable {
    case volume(Voxels, PixelType)
    case mask([UInt8])
  }

  private let storage: Storage
  let byteCount: Int

  init(_ volume: Volume) {
    storage = .volume(volume.voxels, volume.pixelType)
    byteCount = volume.voxels.count * volume.pixelType.bytes
  }

  init(_ mask: Mask) {
    storage = .mask(mask.voxels)
    byteCount = mask.voxels.count
  }

  /// Calls `body` with all bytes in order, in pieces of the size of a gzip member.
  func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: GzipDeflate.pieceSize, alignment: 64)
    defer { scratch.deallocate() }
    for start in stride(from: 0, to: byteCount, by: scratch.count) {
      try body(piece(start..<min(start + scratch.count, byteCount), scratch))
    }
  }

  /// The bytes of a range, whose bounds are whole voxels, written into the scratch buffer.
  ///
  /// - Throws: `E_INTERNAL` where a voxel does not fit the pixel type.
  func piece(_ range: Range<Int>, _ scratch: UnsafeMutableRawBufferPointer) throws -> UnsafeRawBufferPointer {
    let fits: Bool
    switch storage {
    case .mask(let values): fits = Self.copy(values, range, scratch)
    case .volume(.int16(let values), let type):
      fits = type == .int16 ? Self.copy(values, range, scratch) : Self.convert(values, type, range, scratch)
    case .volume(.int32(let values), let type):
      fits = type == .int32 ? Self.copy(values, range, scratch) : Self.convert(values, type, range, scratch)
    case .volume(.float32(let values), let type):
      fits =
        type == .float32
        ? Self.copy(values, range, scratch) : Self.convert(values[voxels(range, type)].map(Double.init), type, scratch)
    case .volume(.float64(let values), let type):
      fits =
        type == .float64
        ? Self.copy(values, range, scratch) : Self.convert(Array(values[voxels(range, type)]), type, scratch)
    }
    guard fits else {
      throw StudyError(.internalFault, "a voxel does not fit the volume's pixel type")
    }
    return UnsafeRawBufferPointer(rebasing: scratch[..<range.count])
  }

  /// The voxels of a range of bytes.
  private func voxels(_ range: Range<Int>, _ type: PixelType) -> Range<Int> {
    range.lowerBound / type.bytes..<range.upperBound / type.bytes
  }

  /// Values that are stored as they are in memory. (This machine is little-endian, like all supported ones.)
  private static func copy<T: BitwiseCopyable>(
    _ values: [T], _ range: Range<Int>, _ scratch: UnsafeMutableRawBufferPointer
  ) -> Bool {
    values.withUnsafeBytes { scratch.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[range])) }
    return true
  }

  private static func convert<T: FixedWidthInteger & Sendable>(
    _ values: [T], _ type: PixelType, _ range: Range<Int>, _ scratch: UnsafeMutableRawBufferPointer
  ) -> Bool {
    let voxels = values[range.lowerBound / type.bytes..<range.upperBound / type.bytes]
    switch type {
    case .uint8: return narrow(voxels, UInt8.self, scratch)
    case .int8: return narrow(voxels, Int8.self, scratch)
    case .uint16: return narrow(voxels, UInt16.self, scratch)
    case .int16: return narrow(voxels, Int16.self, scratch)
    case .uint32: return narrow(voxels, UInt32.self, scratch)
    case .int32: return narrow(voxels, Int32.self, scratch)
    case .float32, .float64: return convert(voxels.map(Double.init), type, scratch)
    }
  }

  private static func narrow<T: FixedWidthInteger, U: FixedWidthInteger & BitwiseCopyable>(
    _ values: ArraySlice<T>, _ type: U.Type, _ scratch: UnsafeMutableRawBufferPointer
  ) -> Bool {
    let output = scratch.bindMemory(to: U.self)
    for (index, value) in zip(0..., values) {
      guard let exact = U(exactly: value) else { return false }
      output[index] = exact
    }
    return true
  }

  private static func convert(
    _ values: [Double], _ type: PixelType, _ scratch: UnsafeMutableRawBufferPointer
  ) -> Bool {
    switch type {
    case .float32:
      let output = scratch.bindMemory(to: Float.self)
      for (index, value) in zip(0..., values) { output[index] = Float(value) }
    case .float64:
      let output = scratch.bindMemory(to: Double.self)
      for (index, value) in zip(0..., values) { output[index] = value }
    default:
      let integers = values.compactMap { Int64(exactly: $0) }
      guard integers.count == values.count else { return false }
      return convert(integers, type, 0..<integers.count * type.bytes, scratch)
    }
    return true
  }
}
