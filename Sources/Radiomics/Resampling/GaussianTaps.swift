extension InterpolationTaps {
  /// Weights of a Gaussian integrated over each voxel (`itk::GaussianInterpolateImageFunction`).
  ///
  /// - Parameters:
  ///   - sigma: standard deviation in mm.
  ///   - alpha: where the kernel ends, in standard deviations.
  ///   - spacing: mm per voxel.
  static func gaussian(
    at position: Double, length: Int, sigma: Double, alpha: Double, spacing: Double
  ) -> InterpolationTaps {
    let scale = 1 / (2.0.squareRoot() * sigma / spacing)
    let cutoff = sigma * alpha / spacing
    let begin = max(0, Int((position + 0.5 - cutoff).rounded(.down)))
    let end = min(length, Int((position + 0.5 + cutoff).rounded(.up)))
    var t = (-0.5 - position + Double(begin)) * scale
    var last = ErrorFunction.value(t)
    var weights: [Double] = []
    for _ in begin..<max(begin, end) {
      t += scale
      let next = ErrorFunction.value(t)
      weights.append(next - last)
      last = next
    }
    return InterpolationTaps(first: begin, weights: weights, length: length)
  }
}
