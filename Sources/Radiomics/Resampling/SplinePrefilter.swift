internal import CKernels
import Glibc

/// The recursive prefilter that turns samples into cubic B-spline coefficients, along one axis of an array
/// (`itk::BSplineDecompositionImageFilter`; Unser 1999, box 2). Neighbouring lines are filtered together, so the loops
/// over them vectorise; along the recursion the order of operations is ITK's.
enum SplinePrefilter {
  /// Filters `width` neighbouring lines of `count` samples in place.
  ///
  /// - Parameters:
  ///   - base: first sample of the first line; sample n of line i is at `base[n * stride + i]`.
  ///   - startsLine: whether sample 0 is the line's first, so that the mirror there decides the first coefficient. Where
  ///     it is not, the recursion starts from the sample itself: the resulting error shrinks by 0.27 per sample.
  static func filter(
    _ base: UnsafeMutablePointer<Double>, count: Int, stride: Int, width: Int, startsLine: Bool
  ) {
    guard count > 1 else { return }
    let gain = CubicBSpline.gain
    if startsLine {
      firstCausal(base, count: count, stride: stride, width: width)
    } else {
      for i in 0..<width { base[i] *= gain }
    }
    Kernels.current.spline_recursions(base, count, stride, width, gain, CubicBSpline.pole)
  }

  /// Sets the first sample; the others stay without their gain, which the recursion applies.
  private static func firstCausal(
    _ base: UnsafeMutablePointer<Double>, count: Int, stride: Int, width: Int
  ) {
    let pole = CubicBSpline.pole
    let gain = CubicBSpline.gain
    for i in 0..<width { base[i] *= gain }
    var zn = pole
    if CubicBSpline.horizon < count {
      for n in 1..<CubicBSpline.horizon {
        let row = base + n * stride
        for i in 0..<width { base[i] += zn * (row[i] * gain) }
        zn *= pole
      }
      return
    }
    let inverse = 1 / pole
    var z2n = pow(pole, Double(count - 1))
    let last = base + (count - 1) * stride
    for i in 0..<width { base[i] += z2n * (last[i] * gain) }
    z2n *= z2n * inverse
    for n in 1..<max(count - 1, 1) {
      let row = base + n * stride
      let weight = zn + z2n
      for i in 0..<width { base[i] += weight * (row[i] * gain) }
      zn *= pole
      z2n *= inverse
    }
    let scale = 1 - zn * zn
    for i in 0..<width { base[i] /= scale }
  }
}
