/// The number type of an image file. It decides how resampling rounds: an integer image stays an integer image.
package enum PixelType: String, Sendable, Codable, CaseIterable {
  case uint8, int8, uint16, int16, uint32, int32, float32, float64

  package var isInteger: Bool { self != .float32 && self != .float64 }

  package var bytes: Int {
    switch self {
    case .uint8, .int8: 1
    case .uint16, .int16: 2
    case .uint32, .int32, .float32: 4
    case .float64: 8
    }
  }

  /// Smallest and largest value of an integer type; nil for floating point.
  package var integerRange: ClosedRange<Double>? {
    switch self {
    case .uint8: 0...255
    case .int8: -128...127
    case .uint16: 0...65535
    case .int16: -32768...32767
    case .uint32: 0...4_294_967_295
    case .int32: -2_147_483_648...2_147_483_647
    case .float32, .float64: nil
    }
  }
}
