/// ITK's changes to the values of a NIfTI file after reading them.
enum NIfTIScaling {
  /// niftilib's `nifti_read_buffer`: values that are not finite become 0.
  static func repair(_ voxels: inout Voxels) {
    // Taking the array out of the enum keeps it uniquely referenced: it is changed in place.
    switch voxels {
    case .float32(var values):
      voxels = .int16([])
      values.withUnsafeMutableBufferPointer { buffer in
        for index in buffer.indices where !buffer[index].isFinite { buffer[index] = 0 }
      }
      voxels = .float32(values)
    case .float64(var values):
      voxels = .int16([])
      values.withUnsafeMutableBufferPointer { buffer in
        for index in buffer.indices where !buffer[index].isFinite { buffer[index] = 0 }
      }
      voxels = .float64(values)
    case .int16, .int32: break
    }
  }

  /// `NiftiImageIO::MustRescale` and `RescaleFunction`: integers become float32 first and remain float32.
  static func scale(_ voxels: Voxels, _ header: NIfTIHeader) -> (Voxels, PixelType) {
    let epsilon = Double.ulpOfOne
    var slope = Double(header.slope)
    let intercept = Double(header.intercept)
    if abs(slope) < epsilon { slope = 1 }
    guard abs(slope) > epsilon, abs(slope - 1) > epsilon || abs(intercept) > epsilon else {
      return (voxels, header.datatype.pixelType)
    }
    func scaled(_ value: Float) -> Float { Float(Double(value) * slope + intercept) }
    switch voxels {
    case .int16(let values): return (.float32(values.map { scaled(Float($0)) }), .float32)
    case .int32(let values): return (.float32(values.map { scaled(Float($0)) }), .float32)
    case .float32(let values): return (.float32(values.map(scaled)), .float32)
    case .float64(let values):
      if header.datatype == .uint32 { return (.float32(values.map { scaled(Float($0)) }), .float32) }
      return (.float64(values.map { $0 * slope + intercept }), .float64)
    }
  }
}
