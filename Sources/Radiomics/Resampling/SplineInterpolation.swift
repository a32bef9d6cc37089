internal import Imaging

/// Evaluates a cubic B-spline at the voxels of a grid whose axes are those of the coefficients.
///
/// ITK adds 64 products per voxel, x fastest. `ExactSpline` computes the same sums in the same order. `SeparableSpline`
/// interpolates along x, y and z in turn, a tenth of the work, and differs in the last bits.
struct SplineInterpolation: @unchecked Sendable {
  let coefficients: SplineCoefficients
  /// Taps along x, y and z; indices count from the first coefficient held. Those of positions outside are meaningless.
  let x: [CubicBSpline.Taps]
  let y: [CubicBSpline.Taps]
  let z: [CubicBSpline.Taps]

  /// The sum of 64 products at one voxel, in ITK's order.
  func exact(_ base: UnsafePointer<Double>, _ i: Int, _ j: Int, _ k: Int) -> Double {
    Self.exact(base, coefficients.rowStride, coefficients.sliceStride, x[i], y[j], z[k])
  }

  @inline(__always)
  static func exact(
    _ base: UnsafePointer<Double>, _ rowStride: Int, _ sliceStride: Int, _ tx: CubicBSpline.Taps,
    _ ty: CubicBSpline.Taps, _ tz: CubicBSpline.Taps
  ) -> Double {
    var sum = 0.0
    for c in 0..<4 {
      let slice = base + Int(tz.index[c]) &* sliceStride
      for b in 0..<4 {
        let row = slice + Int(ty.index[b]) &* rowStride
        for a in 0..<4 {
          sum += tx.weight[a] * ty.weight[b] * tz.weight[c] * row[Int(tx.index[a])]
        }
      }
    }
    return sum
  }
}
