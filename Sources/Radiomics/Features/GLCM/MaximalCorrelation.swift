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
    let total = matrix.total
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
}
