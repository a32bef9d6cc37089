/// An array of numbers from a weights file, last axis fastest (C order).
package struct Tensor: Sendable, Equatable {
  package enum Values: Sendable, Equatable {
    case float64([Double])
    case int64([Int64])
  }

  package let name: String
  /// Length of each axis, at most four; each at least 1. Empty for a single number.
  package let shape: [Int]
  package let values: Values

  package init(name: String, shape: [Int], values: Values) {
    self.name = name
    self.shape = shape
    self.values = values
  }

  /// Real numbers.
  package init(_ name: String, _ shape: [Int], _ values: [Double]) {
    self.init(name: name, shape: shape, values: .float64(values))
  }
}
