/// A feature that PyRadiomics defines otherwise than IBSI, and how the one value follows from the other: a deviation
/// counts as known only where the converted value agrees with the consensus.
struct IBSIDeviation: Sendable {
  let reason: String
  /// IBSI's value from PyRadiomics' and the number of voxels of the morphological mask.
  let converted: @Sendable (_ value: Double, _ voxels: Double) -> Double

  /// By `<class>_<feature>`.
  static let known: [String: IBSIDeviation] = [
    "firstorder_Kurtosis": IBSIDeviation(reason: "PyRadiomics does not subtract 3") { value, _ in value - 3 },
    "shape_MajorAxisLength": axisLength,
    "shape_MinorAxisLength": axisLength,
    "shape_LeastAxisLength": axisLength,
  ]

  /// A length goes with the square root of the covariance.
  private static let axisLength = IBSIDeviation(
    reason: "PyRadiomics divides the covariance by N, the benchmark by N - 1"
  ) { value, voxels in value * (voxels / (voxels - 1)).squareRoot() }
}
