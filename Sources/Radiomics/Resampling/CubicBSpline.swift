import Glibc

/// The cubic B-spline as `itk::BSplineInterpolateImageFunction` of order 3 evaluates it.
enum CubicBSpline {
  /// Pole of the prefilter.
  static let pole = 3.0.squareRoot() - 2
  /// Gain of the prefilter along one axis, 6 except for the last bits.
  static let gain = (1 - pole) * (1 - 1 / pole)
  /// Number of samples in the sum for the first causal coefficient of a longer line: the rest is below 1e-10.
  static let horizon = Int((log(1e-10) / log(abs(pole))).rounded(.up))

  /// The four taps at one position along one axis.
  struct Taps: Sendable {
    /// Indices of the coefficients, mirrored into the line.
    var index: SIMD4<Int32>
    var weight: SIMD4<Double>
  }

  /// - Parameters:
  ///   - position: continuous index, inside `-0.5..<length - 0.5`.
  ///   - length: voxels of the line.
  static func taps(at position: Double, length: Int) -> Taps {
    // ITK rounds the position to single precision before it takes the floor: a position just below a voxel may count
    // from that voxel, with a weight that is just negative.
    let base = Int(Float(position).rounded(.down))
    let w = position - Double(base)
    let w3 = (1.0 / 6.0) * w * w * w
    let w0 = (1.0 / 6.0) + 0.5 * w * (w - 1) - w3
    let w2 = w + w0 - 2 * w3
    let w1 = 1 - w0 - w2 - w3
    var index = SIMD4<Int32>()
    for k in 0..<4 { index[k] = Int32(truncatingIfNeeded: mirrored(base - 1 + k, length: length)) }
    return Taps(index: index, weight: SIMD4(w0, w1, w2, w3))
  }

  /// The index at which a mirror at both ends of the line shows an index beyond.
  static func mirrored(_ index: Int, length: Int) -> Int {
    guard length > 1 else { return 0 }
    let end = length - 1
    var i = index
    if i < 0 { i = -i }
    if i >= end { i = end - (i - end) }
    // Only for lines of two voxels, where one reflection is not enough.
    return i < 0 ? -i : i
  }
}
