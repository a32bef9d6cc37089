internal import Glibc

/// The maximal correlation coefficient: the root of the second largest eigenvalue of
/// Q(i, j) = Σ_k p(i, k) p(j, k) / (px(i) py(k) + ε).
///
/// Without the ε, Q is similar to S Sᵀ with S = Dx^(-1/2) P Dy^(-1/2), whose largest eigenvalue 1 belongs to the vector
/// √px. So the second is the largest of S Sᵀ on the vectors orthogonal to √px, which Lanczos' method finds in a few
/// products with S; the ε enters as the first-order change of that eigenvalue.
enum MaximalCorrelation {
  static func value(_ matrix: CooccurrenceMatrix, _ m: Marginals) -> Double {
    let n = matrix.count
    // PyRadiomics returns 1 for a flat region.
    if n < 2 { return 1 }
    if n == 2 { return TwoLevelCorrelation.value(matrix) }
    let total = matrix.total
    if outweighsRarestPair(matrix, m) { return withEpsilon(matrix, m) }
    let rootX = m.x.map { ($0 / total).squareRoot() }
    let rootY = m.y.map { ($0 / total).squareRoot() }
    let inverseX = rootX.map { $0 > 0 ? 1 / $0 : 0 }
    let inverseY = rootY.map { $0 > 0 ? 1 / $0 : 0 }
    var s = matrix.weights
    s.withUnsafeMutableBufferPointer { s in
      for i in 0..<n {
        let factor = inverseX[i] / total
        for j in 0..<n { s[i &* n &+ j] *= factor * inverseY[j] }
      }
    }
    guard let (eigenvalue, vector) = LargestEigenvalue.find(of: s, size: n, orthogonalTo: rootX) else { return .nan }
    let change = epsilonChange(matrix, rootX: rootX, rootY: rootY, vector: vector)
    let corrected = eigenvalue + change
    return corrected < 0 ? (corrected > -1e-9 ? 0 : .nan) : corrected.squareRoot()
  }

  /// vᵀ ΔQ u for the left and right eigenvectors v = Dx^(1/2) w and u = Dx^(-1/2) w of Q without the ε.
  private static func epsilonChange(
    _ matrix: CooccurrenceMatrix, rootX: [Double], rootY: [Double], vector w: [Double]
  ) -> Double {
    let n = matrix.count
    let total = matrix.total
    let epsilon = XLog2X.epsilon
    // Pᵀ u is the same for every i.
    var transposed = [Double](repeating: 0, count: n)
    matrix.weights.withUnsafeBufferPointer { weights in
      transposed.withUnsafeMutableBufferPointer { transposed in
        for i in 0..<n where rootX[i] > 0 {
          // Dividing by √px once more turns u = Dx^(-1/2) w into what Q multiplies.
          let u = w[i] / rootX[i] / total
          for k in 0..<n { transposed[k] += weights[i &* n &+ k] * u }
        }
      }
    }
    var change = 0.0
    matrix.weights.withUnsafeBufferPointer { weights in
      for i in 0..<n where rootX[i] > 0 {
        let px = rootX[i] * rootX[i]
        let v = rootX[i] * w[i]
        for k in 0..<n where weights[i &* n &+ k] != 0 {
          let product = px * rootY[k] * rootY[k]
          change -= v * (weights[i &* n &+ k] / total) * epsilon / (product * (product + epsilon)) * transposed[k]
        }
      }
    }
    return change
  }

  /// Whether the ε is not small beside px(i) py(k) for some pair. Weights of distant directions (`weightingNorm`, thick
  /// slices) make such small probabilities.
  private static func outweighsRarestPair(_ matrix: CooccurrenceMatrix, _ m: Marginals) -> Bool {
    let n = matrix.count
    let limit = 1e5 * XLog2X.epsilon * matrix.total * matrix.total
    guard (m.x.min() ?? 0) * (m.y.min() ?? 0) < limit else { return false }
    for i in 0..<n {
      for k in 0..<n where matrix.weights[i * n + k] != 0 && m.x[i] * m.y[k] < limit { return true }
    }
    return false
  }

  /// From Q itself, by its definition.
  private static func withEpsilon(_ matrix: CooccurrenceMatrix, _ m: Marginals) -> Double {
    let n = matrix.count
    let total = matrix.total
    let p = matrix.weights.map { $0 / total }
    var q = [Double](repeating: 0, count: n * n)
    for k in 0..<n {
      let y = m.y[k] / total
      for i in 0..<n where p[i * n + k] != 0 {
        let factor = p[i * n + k] / (m.x[i] / total * y + XLog2X.epsilon)
        for j in 0..<n { q[i * n + j] += factor * p[j * n + k] }
      }
    }
    guard let eigenvalues = GeneralEigenvalues(q, size: n)?.values else { return .nan }
    // NumPy sorts complex numbers by their real parts first, and returns complex roots where one of them is complex.
    let isComplex = eigenvalues.contains { $0.imaginary != 0 }
    let sorted = eigenvalues.sorted {
      $0.real != $1.real ? $0.real < $1.real : $0.imaginary < $1.imaginary
    }
    let second = sorted[n - 2]
    if isComplex { return ((hypot(second.real, second.imaginary) + second.real) / 2).squareRoot() }
    return second.real < 0 ? .nan : second.real.squareRoot()
  }
}
