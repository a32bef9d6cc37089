/// The number type of one voxel in a file.
enum StoredType {
  case uint8, int8, uint16, int16, uint32, int32, float32, float64
  /// Only for values that fit 32 bits: some programs save label maps this way.
  case int64, uint64

  init(_ type: PixelType) {
    switch type {
    case .uint8: self = .uint8
    case .int8: self = .int8
    case .uint16: self = .uint16
    case .int16: self = .int16
    case .uint32: self = .uint32
    case .int32: self = .int32
    case .float32: self = .float32
    case .float64: self = .float64
    }
  }

  /// The type of the volume read.
  var pixelType: PixelType {
    switch self {
    case .uint8: .uint8
    case .int8: .int8
    case .uint16: .uint16
    case .int16: .int16
    case .uint32: .uint32
    case .int32, .int64, .uint64: .int32
    case .float32: .float32
    case .float64: .float64
    }
  }

  var bytes: Int { self == .int64 || self == .uint64 ? 8 : pixelType.bytes }
}
