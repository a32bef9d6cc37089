/// Voxel values in storage order (x fastest), in the narrowest of four types that represents the file's type exactly.
package enum Voxels: Sendable, Equatable {
  case int16([Int16])
  case int32([Int32])
  case float32([Float])
  case float64([Double])

  package var count: Int {
    switch self {
    case .int16(let values): values.count
    case .int32(let values): values.count
    case .float32(let values): values.count
    case .float64(let values): values.count
    }
  }

  /// Every value as a double: exact for each of the four types.
  package var doubles: [Double] {
    switch self {
    case .int16(let values): values.map(Double.init)
    case .int32(let values): values.map(Double.init)
    case .float32(let values): values.map(Double.init)
    case .float64(let values): values
    }
  }

  package subscript(offset: Int) -> Double {
    switch self {
    case .int16(let values): Double(values[offset])
    case .int32(let values): Double(values[offset])
    case .float32(let values): Double(values[offset])
    case .float64(let values): values[offset]
    }
  }
}
