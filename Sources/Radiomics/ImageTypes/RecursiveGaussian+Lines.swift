/// Eight neighbouring lines, filtered side by side.
typealias Lanes = SIMD8<Double>

extension RecursiveGaussian {
  /// Filters eight lines of `count` samples (at least 4): causal and anticausal recursion and their sum, each with the
  /// order of operations of `itk::RecursiveSeparableImageFilter::FilterDataArray`.
  ///
  /// - Parameters:
  ///   - data: samples; element k holds sample k of each line.
  ///   - causal: room for `count` elements.
  ///   - result: receives the sums, rounded to single precision as ITK stores them between passes. May not overlap.
  ///   - keep: samples of the result that are wanted; the others are left as they are.
  func filter(
    _ data: UnsafePointer<Lanes>, _ causal: UnsafeMutablePointer<Lanes>, _ result: UnsafeMutablePointer<SIMD8<Float>>,
    count: Int, keep: Range<Int>
  ) {
    // Each recursion starts at its end of the line and stops at the last sample that is wanted.
    runCausal(data, causal, end: max(keep.upperBound, 4))
    runAnticausal(data, causal, result, count: count, keep: keep)
  }

  @inline(__always)
  private static func sum(
    _ a: Lanes, _ p: Double, _ b: Lanes, _ q: Double, _ c: Lanes, _ r: Double, _ d: Lanes, _ s: Double
  ) -> Lanes {
    a * p + b * q + c * r + d * s
  }

  @inline(__always)
  private func runCausal(_ x: UnsafePointer<Lanes>, _ out: UnsafeMutablePointer<Lanes>, end: Int) {
    let (n0, n1, n2, n3) = (n[0], n[1], n[2], n[3])
    let (d1, d2, d3, d4) = (d[0], d[1], d[2], d[3])
    let (b1, b2, b3, b4) = (causalBorder[0], causalBorder[1], causalBorder[2], causalBorder[3])
    let v = x[0]
    let y0 = Self.sum(v, n0, v, n1, v, n2, v, n3) - Self.sum(v, b1, v, b2, v, b3, v, b4)
    let y1 = Self.sum(x[1], n0, v, n1, v, n2, v, n3) - Self.sum(y0, d1, v, b2, v, b3, v, b4)
    let y2 = Self.sum(x[2], n0, x[1], n1, v, n2, v, n3) - Self.sum(y1, d1, y0, d2, v, b3, v, b4)
    let y3 = Self.sum(x[3], n0, x[2], n1, x[1], n2, v, n3) - Self.sum(y2, d1, y1, d2, y0, d3, v, b4)
    (out[0], out[1], out[2], out[3]) = (y0, y1, y2, y3)
    var k = 4
    while k < end {
      let forward = Self.sum(x[k], n0, x[k &- 1], n1, x[k &- 2], n2, x[k &- 3], n3)
      out[k] = forward - Self.sum(out[k &- 1], d1, out[k &- 2], d2, out[k &- 3], d3, out[k &- 4], d4)
      k &+= 1
    }
  }

  @inline(__always)
  private func runAnticausal(
    _ x: UnsafePointer<Lanes>, _ causal: UnsafePointer<Lanes>, _ result: UnsafeMutablePointer<SIMD8<Float>>,
    count: Int, keep: Range<Int>
  ) {
    let (m1, m2, m3, m4) = (m[0], m[1], m[2], m[3])
    let (d1, d2, d3, d4) = (d[0], d[1], d[2], d[3])
    let (b1, b2, b3, b4) = (anticausalBorder[0], anticausalBorder[1], anticausalBorder[2], anticausalBorder[3])
    let e = count - 1
    let v = x[e]
    var y4 = Self.sum(v, m1, v, m2, v, m3, v, m4) - Self.sum(v, b1, v, b2, v, b3, v, b4)
    var y3 = Self.sum(v, m1, v, m2, v, m3, v, m4) - Self.sum(y4, d1, v, b2, v, b3, v, b4)
    var y2 = Self.sum(x[e - 1], m1, v, m2, v, m3, v, m4) - Self.sum(y3, d1, y4, d2, v, b3, v, b4)
    var y1 = Self.sum(x[e - 2], m1, x[e - 1], m2, v, m3, v, m4) - Self.sum(y2, d1, y3, d2, y4, d3, v, b4)
    for (k, y) in [(e, y4), (e - 1, y3), (e - 2, y2), (e - 3, y1)] where keep.contains(k) {
      result[k] = SIMD8<Float>(causal[k] + y)
    }
    var k = count - 4
    while k > keep.upperBound {
      let forward = Self.sum(x[k], m1, x[k &+ 1], m2, x[k &+ 2], m3, x[k &+ 3], m4)
      let y = forward - Self.sum(y1, d1, y2, d2, y3, d3, y4, d4)
      (y1, y2, y3, y4) = (y, y1, y2, y3)
      k &-= 1
    }
    while k > keep.lowerBound {
      let forward = Self.sum(x[k], m1, x[k &+ 1], m2, x[k &+ 2], m3, x[k &+ 3], m4)
      let y = forward - Self.sum(y1, d1, y2, d2, y3, d3, y4, d4)
      (y1, y2, y3, y4) = (y, y1, y2, y3)
      k &-= 1
      result[k] = SIMD8<Float>(causal[k] + y)
    }
  }
}
