internal import Errors

/// scikit-learn's `StandardScaler`: (x - mean) / scale, feature by feature.
package struct StandardScaler: Sendable, Equatable {
  package let mean: [Double]
  /// Population standard deviation; 1 where the training values were constant. Positive.
  package let scale: [Double]

  init(from weights: inout WeightStore, features: Int, file: String) throws {
    mean = try weights.doubles("scaler.mean", [features]).values
    scale = try weights.doubles("scaler.scale", [features]).values
    if let bad = scale.firstIndex(where: { $0 <= 0 }) {
      throw StudyError(
        .modelNumbers, "element \(bad) of tensor scaler.scale is \(scale[bad]), which cannot be divided by", file: file,
        hint: restoreHint)
    }
  }

  func transform(_ x: [Double]) -> [Double] {
    var out = x
    for i in out.indices { out[i] = (x[i] - mean[i]) / scale[i] }
    return out
  }
}
