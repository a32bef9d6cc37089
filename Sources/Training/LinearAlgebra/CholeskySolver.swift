/// Solves a x = b for a symmetric positive definite matrix.
enum CholeskySolver {
  /// - Parameter a: n x n; only the lower triangle is read.
  /// - Returns: nil where the matrix is not positive definite to working precision.
  static func solve(_ a: [Double], _ b: [Double]) -> [Double]? {
    let n = b.count
    var l = a
    var x = b
    let isDefinite = l.withUnsafeMutableBufferPointer { l -> Bool in
      let base = l.baseAddress!
      for i in 0..<n {
        for j in 0...i {
          let rest = l[i * n + j] - VectorKernels.dot(base + i * n, base + j * n, j)
          if i == j {
            guard rest > 0, rest.isFinite else { return false }
            l[i * n + i] = rest.squareRoot()
          } else {
            l[i * n + j] = rest / l[j * n + j]
          }
        }
      }
      return true
    }
    guard isDefinite else { return nil }
    for i in 0..<n {
      for k in 0..<i { x[i] -= l[i * n + k] * x[k] }
      x[i] /= l[i * n + i]
    }
    for i in stride(from: n - 1, through: 0, by: -1) {
      for k in (i + 1)..<max(n, i + 1) { x[i] -= l[k * n + i] * x[k] }
      x[i] /= l[i * n + i]
    }
    return x
  }
}
