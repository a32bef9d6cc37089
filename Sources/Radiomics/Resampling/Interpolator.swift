/// How values between voxels are computed, by SimpleITK's name for it.
public enum Interpolator: String, Sendable, CaseIterable {
  case nearestNeighbour = "sitkNearestNeighbor"
  case linear = "sitkLinear"
  /// Cubic B-spline with mirrored borders: PyRadiomics' default.
  case bSpline = "sitkBSpline"
}
