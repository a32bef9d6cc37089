import Errors

/// The voxel values of a file: loaded, put into this machine's byte order, scaled as ITK scales.
struct NIfTIVoxels: ~Copyable {
  private let header: NIfTIHeader
  private let source: NIfTISource

  init(header: NIfTIHeader, source: consuming NIfTISource) {
    self.header = header
    self.source = source
  }

  func decode() throws -> (Voxels, PixelType) {
    let voxels: Voxels
    switch header.datatype {
    case .uint8:
      voxels = .int16(try load(UInt8.self).map(Int16.init))
    case .int8:
      voxels = .int16(try load(Int8.self).map(Int16.init))
    case .int16:
      voxels = .int16(swapped(try load(Int16.self)))
    case .uint16:
      voxels = .int32(swapped(try load(UInt16.self)).map(Int32.init))
    case .int32:
      voxels = .int32(swapped(try load(Int32.self)))
    case .uint32:
      voxels = .float64(swapped(try load(UInt32.self)).map(Double.init))
    case .int64:
      voxels = .int32(try narrowed(swapped(try load(Int64.self))))
    case .uint64:
      voxels = .int32(try narrowed(swapped(try load(UInt64.self)).map { Int64(clamping: $0) }))
    case .float32:
      var values =
        header.swapped
        ? try load(UInt32.self).map { Float(bitPattern: $0.byteSwapped) } : try load(Float.self)
      Self.repair(&values)
      voxels = .float32(values)
    case .float64:
      var values =
        header.swapped
        ? try load(UInt64.self).map { Double(bitPattern: $0.byteSwapped) } : try load(Double.self)
      Self.repair(&values)
      voxels = .float64(values)
    }
    return scaled(voxels)
  }

  private func load<T: BitwiseCopyable>(_ type: T.Type) throws -> [T] {
    try source.load(type, count: header.count, offset: header.dataOffset)
  }

  private func swapped<T: FixedWidthInteger>(_ values: consuming [T]) -> [T] {
    guard header.swapped else { return values }
    values.withUnsafeMutableBufferPointer { buffer in
      for index in buffer.indices { buffer[index] = buffer[index].byteSwapped }
    }
    return values
  }

  /// 64-bit integers as 32-bit ones.
  private func narrowed(_ values: [Int64]) throws -> [Int32] {
    for value in values where value != Int64(Int32(truncatingIfNeeded: value)) {
      throw StudyError(
        .niftiUnsupported, "a 64-bit integer image holds values beyond 32 bits, such as \(value)", file: source.path,
        hint: "save it as int32 or float64")
    }
    return values.map(Int32.init(truncatingIfNeeded:))
  }

  /// niftilib's `nifti_read_buffer`: what is not finite becomes 0.
  private static func repair(_ values: inout [Float]) {
    values.withUnsafeMutableBufferPointer { buffer in
      for index in buffer.indices where !buffer[index].isFinite { buffer[index] = 0 }
    }
  }

  private static func repair(_ values: inout [Double]) {
    values.withUnsafeMutableBufferPointer { buffer in
      for index in buffer.indices where !buffer[index].isFinite { buffer[index] = 0 }
    }
  }

  /// `NiftiImageIO::MustRescale` and `RescaleFunction`.
  private func scaled(_ voxels: Voxels) -> (Voxels, PixelType) {
    let epsilon = Double.ulpOfOne
    var slope = Double(header.slope)
    let intercept = Double(header.intercept)
    if abs(slope) < epsilon { slope = 1 }
    guard abs(slope) > epsilon, abs(slope - 1) > epsilon || abs(intercept) > epsilon else {
      return (voxels, header.datatype.pixelType)
    }
    func scale(_ value: Float) -> Float { Float(Double(value) * slope + intercept) }
    switch voxels {
    case .int16(let values): return (.float32(values.map { scale(Float($0)) }), .float32)
    case .int32(let values): return (.float32(values.map { scale(Float($0)) }), .float32)
    case .float32(let values): return (.float32(values.map(scale)), .float32)
    case .float64(let values):
      if header.datatype == .uint32 { return (.float32(values.map { scale(Float($0)) }), .float32) }
      return (.float64(values.map { $0 * slope + intercept }), .float64)
    }
  }
}
