/// The result of scikit-learn's `StandardScaler`, to the bit: sums run row by row, the variance has its correction for
/// the rounding of the mean, and a column whose variance is only rounding gets the scale 1.
struct ScalerFit: Sendable {
  let mean: [Double]
  let scale: [Double]
  /// Columns with a single value.
  let isConstant: [Bool]

  /// - Parameter x: rows x columns, columns fastest; finite.
  init(_ x: [Double], rows: Int, columns: Int) {
    let n = Double(rows)
    mean = Self.means(x, rows: rows, columns: columns)
    var sum = [Double](repeating: 0, count: columns)
    var squares = sum
    for row in 0..<rows {
      for j in 0..<columns {
        let d = x[row * columns + j] - mean[j]
        sum[j] += d
        squares[j] += d * d
      }
    }
    var scale = sum
    var constant = [Bool](repeating: false, count: columns)
    let eps = Double.ulpOfOne
    for j in 0..<columns {
      let variance = (squares[j] - sum[j] * sum[j] / n) / n
      let rounding = n * mean[j] * eps
      constant[j] = variance <= n * eps * variance + rounding * rounding
      scale[j] = constant[j] ? 1 : variance.squareRoot()
    }
    self.scale = scale
    isConstant = constant
  }

  func transform(_ x: inout [Double]) {
    let columns = mean.count
    guard columns > 0 else { return }
    for row in 0..<(x.count / columns) {
      for j in 0..<columns { x[row * columns + j] = (x[row * columns + j] - mean[j]) / scale[j] }
    }
  }

  static func means(_ x: [Double], rows: Int, columns: Int) -> [Double] {
    var sum = [Double](repeating: 0, count: columns)
    for row in 0..<rows {
      for j in 0..<columns { sum[j] += x[row * columns + j] }
    }
    return sum.map { $0 / Double(rows) }
  }
}
