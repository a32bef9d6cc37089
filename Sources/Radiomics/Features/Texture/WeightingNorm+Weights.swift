internal import Glibc
internal import Imaging

extension WeightingNorm {
  /// Length of a step in mm by this norm.
  private func length(_ step: SIMD3<Int>, spacing: Vector3) -> Double {
    let (x, y, z) = (
      abs(Double(step.x)) * spacing.x, abs(Double(step.y)) * spacing.y, abs(Double(step.z)) * spacing.z
    )
    switch self {
    case .manhattan: return x + y + z
    case .euclidean: return (x * x + y * y + z * z).squareRoot()
    case .infinity: return max(x, y, z)
    case .none: return 1
    }
  }

  /// A direction's weight in the GLCM: exp(-length²); 1 without weighting.
  func pairWeight(_ step: SIMD3<Int>, spacing: Vector3) -> Double {
    if self == .none { return 1 }
    let length = length(step, spacing: spacing)
    return exp(-length * length)
  }

  /// A direction's weight in the GLRLM: the length.
  func runWeight(_ step: SIMD3<Int>, spacing: Vector3) -> Double { length(step, spacing: spacing) }
}
