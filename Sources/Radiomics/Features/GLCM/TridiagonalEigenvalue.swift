internal import Glibc

/// The largest eigenvalue of a symmetric tridiagonal matrix and its eigenvector.
enum TridiagonalEigenvalue {
  static func largest(diagonal: [Double], offDiagonal: [Double]) -> (value: Double, vector: [Double]) {
    let n = diagonal.count
    if n == 1 { return (diagonal[0], [1]) }
    var low = Double.infinity
    var high = -Double.infinity
    for i in 0..<n {
      let radius = (i > 0 ? abs(offDiagonal[i - 1]) : 0) + (i < n - 1 ? abs(offDiagonal[i]) : 0)
      low = min(low, diagonal[i] - radius)
      high = max(high, diagonal[i] + radius)
    }
    // Bisection with Sturm's sequence: as many negative pivots as eigenvalues below.
    for _ in 0..<200 {
      let middle = 0.5 * (low + high)
      if middle <= low || middle >= high { break }
      if eigenvaluesBelow(middle, diagonal, offDiagonal) == n { high = middle } else { low = middle }
    }
    let value = 0.5 * (low + high)
    return (value, eigenvector(value, diagonal, offDiagonal))
  }

  private static func eigenvaluesBelow(_ x: Double, _ diagonal: [Double], _ offDiagonal: [Double]) -> Int {
    var count = 0
    var pivot = 1.0
    for i in diagonal.indices {
      let square = i > 0 ? offDiagonal[i - 1] * offDiagonal[i - 1] : 0
      pivot = diagonal[i] - x - (pivot == 0 ? square / 1e-300 : square / pivot)
      if pivot < 0 { count += 1 }
    }
    return count
  }

  /// Two steps of inverse iteration with a shift just beside the eigenvalue.
  private static func eigenvector(_ value: Double, _ diagonal: [Double], _ offDiagonal: [Double]) -> [Double] {
    let n = diagonal.count
    let shift = value + max(abs(value), 1e-300) * 1e-14
    var x = [Double](repeating: 1, count: n)
    for _ in 0..<3 {
      var c = [Double](repeating: 0, count: n)
      var d = [Double](repeating: 0, count: n)
      var pivot = diagonal[0] - shift
      if pivot == 0 { pivot = 1e-300 }
      c[0] = n > 1 ? offDiagonal[0] / pivot : 0
      d[0] = x[0] / pivot
      for i in 1..<n {
        pivot = diagonal[i] - shift - offDiagonal[i - 1] * c[i - 1]
        if pivot == 0 { pivot = 1e-300 }
        c[i] = i < n - 1 ? offDiagonal[i] / pivot : 0
        d[i] = (x[i] - offDiagonal[i - 1] * d[i - 1]) / pivot
      }
      x[n - 1] = d[n - 1]
      for i in stride(from: n - 2, through: 0, by: -1) { x[i] = d[i] - c[i] * x[i + 1] }
      let length = x.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length.isFinite, length > 0 else { return [1] + [Double](repeating: 0, count: n - 1) }
      for i in 0..<n { x[i] /= length }
    }
    return x
  }
}
