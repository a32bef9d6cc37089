/// Loops over float64 vectors. The order of every sum is fixed, so results have the same bits on every machine.
enum VectorKernels {
  /// Σ aᵢ bᵢ, in eight interleaved partial sums.
  @inline(__always)
  static func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int) -> Double {
    var even = SIMD4<Double>.zero
    var odd = SIMD4<Double>.zero
    var i = 0
    let (ra, rb) = (UnsafeRawPointer(a), UnsafeRawPointer(b))
    while i &+ 8 <= count {
      let at = i &* 8
      even +=
        ra.loadUnaligned(fromByteOffset: at, as: SIMD4<Double>.self)
        * rb.loadUnaligned(fromByteOffset: at, as: SIMD4<Double>.self)
      odd +=
        ra.loadUnaligned(fromByteOffset: at &+ 32, as: SIMD4<Double>.self)
        * rb.loadUnaligned(fromByteOffset: at &+ 32, as: SIMD4<Double>.self)
      i &+= 8
    }
    let sums = even + odd
    var sum = (sums.x + sums.y) + (sums.z + sums.w)
    while i < count {
      sum += a[i] * b[i]
      i &+= 1
    }
    return sum
  }

  /// y += factor x.
  @inline(__always)
  static func add(_ factor: Double, _ x: UnsafePointer<Double>, to y: UnsafeMutablePointer<Double>, _ count: Int) {
    for i in 0..<count { y[i] += factor * x[i] }
  }

  /// (a, b) ← (cos a - sin b, sin a + cos b).
  @inline(__always)
  static func rotate(
    _ a: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>, cos: Double, sin: Double, _ count: Int
  ) {
    for i in 0..<count {
      let (x, y) = (a[i], b[i])
      a[i] = cos * x - sin * y
      b[i] = sin * x + cos * y
    }
  }
}

/// Products of row-major matrices.
enum MatrixKernels {
  /// c (m x n) = a (m x k) b (k x n).
  static func multiply(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, into c: UnsafeMutablePointer<Double>, _ m: Int, _ k: Int,
    _ n: Int
  ) {
    for i in 0..<m {
      let row = c + i &* n
      row.update(repeating: 0, count: n)
      for l in 0..<k {
        let factor = a[i &* k &+ l]
        if factor != 0 { VectorKernels.add(factor, b + l &* n, to: row, n) }
      }
    }
  }

  /// c (k x n) = aᵀ d, with a (m x k) and d (m x n).
  static func multiplyTransposed(
    _ a: UnsafePointer<Double>, _ d: UnsafePointer<Double>, into c: UnsafeMutablePointer<Double>, _ m: Int, _ k: Int,
    _ n: Int
  ) {
    c.update(repeating: 0, count: k &* n)
    for i in 0..<m {
      for l in 0..<k {
        let factor = a[i &* k &+ l]
        if factor != 0 { VectorKernels.add(factor, d + i &* n, to: c + l &* n, n) }
      }
    }
  }

  /// c (m x k) = d wᵀ, with d (m x n) and w (k x n).
  static func multiplyByTransposed(
    _ d: UnsafePointer<Double>, _ w: UnsafePointer<Double>, into c: UnsafeMutablePointer<Double>, _ m: Int, _ k: Int,
    _ n: Int
  ) {
    for i in 0..<m {
      for l in 0..<k { c[i &* k &+ l] = VectorKernels.dot(d + i &* n, w + l &* n, n) }
    }
  }
}
