/// Step `impute`: replaces a missing value (NaN) of each feature by a fixed number learnt from the training cases.
/// Tensor `impute.value` (p).
package struct Imputer: Sendable, Equatable {
  package let values: [Double]

  init(from weights: inout WeightStore, features: Int) throws {
    values = try weights.doubles("impute.value", [features]).values
  }

  func transform(_ x: [Double]) -> [Double] {
    var out = x
    for i in out.indices where out[i].isNaN { out[i] = values[i] }
    return out
  }
}
