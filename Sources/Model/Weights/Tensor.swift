/// An array of numbers from a weights file, last axis fastest (C order).
public struct Tensor: Sendable, Equatable {
  public enum Values: Sendable, Equatable {
    case float64([Double])
    case int64([Int64])
  }

  public let name: String
  /// Length of each axis, at most four; each at least 1. Empty for a single number.
  public let shape: [Int]
  public let values: Values

  public init(name: String, shape: [Int], values: Values) {
    self.name = name
    self.shape = shape
    self.values = values
  }

  /// Real numbers.
  public init(_ name: String, _ shape: [Int], _ values: [Double]) {
    self.init(name: name, shape: shape, values: .float64(values))
  }
}
