/// How a value between voxels is found, by SimpleITK's names.
public enum Interpolator: String, Sendable, CaseIterable {
  case nearestNeighbor = "sitkNearestNeighbor"
  case linear = "sitkLinear"
  case bspline = "sitkBSpline"

  /// SimpleITK's numbers for them, which PyRadiomics' parameter files may use as well.
  var number: Int {
    switch self {
    case .nearestNeighbor: 1
    case .linear: 2
    case .bspline: 3
    }
  }
}
