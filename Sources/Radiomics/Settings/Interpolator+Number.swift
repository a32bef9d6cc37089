extension Interpolator {
  /// SimpleITK's number for it, which a parameter file may use instead of the name.
  var number: Int {
    switch self {
    case .nearestNeighbour: 1
    case .linear: 2
    case .bSpline: 3
    }
  }
}
