/// How values between voxels are computed; the raw value is SimpleITK's name.
package enum Interpolator: String, Sendable, CaseIterable {
  case nearestNeighbour = "sitkNearestNeighbor"
  case linear = "sitkLinear"
  /// Cubic B-spline with mirrored borders: PyRadiomics' default.
  case bSpline = "sitkBSpline"
  /// Mean weighted by a Gaussian of 0.8 voxels, cut off at four standard deviations.
  case gaussian = "sitkGaussian"
  /// The value with the largest weight of a Gaussian of one voxel.
  case labelGaussian = "sitkLabelGaussian"
  case hammingWindowedSinc = "sitkHammingWindowedSinc"
  case cosineWindowedSinc = "sitkCosineWindowedSinc"
  case welchWindowedSinc = "sitkWelchWindowedSinc"
  case lanczosWindowedSinc = "sitkLanczosWindowedSinc"
  case blackmanWindowedSinc = "sitkBlackmanWindowedSinc"

  /// By SimpleITK's number, which parameter files may give instead. 3 is left out: SimpleITK's versions differ.
  init?(number: Int) {
    switch number {
    case 1: self = .nearestNeighbour
    case 2: self = .linear
    case 4: self = .gaussian
    case 5: self = .labelGaussian
    case 6: self = .hammingWindowedSinc
    case 7: self = .cosineWindowedSinc
    case 8: self = .welchWindowedSinc
    case 9: self = .lanczosWindowedSinc
    case 10: self = .blackmanWindowedSinc
    default: return nil
    }
  }

  /// The window of the sinc interpolators.
  var window: SincWindow? {
    switch self {
    case .hammingWindowedSinc: .hamming
    case .cosineWindowedSinc: .cosine
    case .welchWindowedSinc: .welch
    case .lanczosWindowedSinc: .lanczos
    case .blackmanWindowedSinc: .blackman
    default: nil
    }
  }
}
