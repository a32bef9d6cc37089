internal import Glibc

/// The maximal correlation coefficient of a matrix of two grey levels, with the operations of NumPy and LAPACK.
///
/// Where the two levels are independent the eigenvalue is 0 up to rounding, and the last bit decides whether PyRadiomics
/// has a root near 0 or NaN, which the mean over directions ignores. Two by two, every step of `dgeev` is known:
/// balancing by powers of two (`dgebal`), then the standardised Schur form (`dlanv2`).
enum TwoLevelCorrelation {
  /// - Parameter matrix: of two levels, with a pair.
  /// - Returns: the root of the smaller eigenvalue; NaN where rounding made it negative.
  static func value(_ matrix: CooccurrenceMatrix) -> Double {
    let total = matrix.total
    let p = matrix.weights.map { $0 / total }
    let x = (p[0] + p[1], p[2] + p[3])
    let y = (p[0] + p[2], p[1] + p[3])
    let e = XLog2X.epsilon
    let cross = (p[0] * p[2], p[1] * p[3])
    let square = Square(
      a: p[0] * p[0] / (x.0 * y.0 + e) + p[1] * p[1] / (x.0 * y.1 + e),
      b: cross.0 / (x.0 * y.0 + e) + cross.1 / (x.0 * y.1 + e),
      c: cross.0 / (x.1 * y.0 + e) + cross.1 / (x.1 * y.1 + e),
      d: p[2] * p[2] / (x.1 * y.0 + e) + p[3] * p[3] / (x.1 * y.1 + e))
    let eigenvalue = square.smallerEigenvalue
    return eigenvalue < 0 ? .nan : eigenvalue.squareRoot()
  }

  /// [a b; c d], without negative elements.
  private struct Square {
    var a: Double
    var b: Double
    var c: Double
    var d: Double

    var smallerEigenvalue: Double {
      // A triangular matrix has its eigenvalues on the diagonal.
      if b == 0 || c == 0 { return min(a, d) }
      var m = self
      while m.balance() {}
      if m.isTriangularToRounding { return min(m.a, m.d) }
      let p = 0.5 * (m.a - m.d)
      let larger = max(m.b, m.c)
      let smaller = min(m.b, m.c)
      let scale = max(abs(p), larger)
      let z = p / scale * p + larger / scale * smaller
      let root = scale.squareRoot() * z.squareRoot()
      let shift = p + (p.sign == .minus ? -root : root)
      return min(m.d + shift, m.d - larger / shift * smaller)
    }

    /// One pass of `dgebal`: balances the norms of rows and columns. Returns whether anything changed.
    private mutating func balance() -> Bool {
      let first = Self.factor(column: hypot(a, c), row: hypot(a, b))
      if first != 1 {
        b *= 1 / first
        c *= first
      }
      let second = Self.factor(column: hypot(b, d), row: hypot(c, d))
      if second != 1 {
        c *= 1 / second
        b *= second
      }
      return first != 1 || second != 1
    }

    /// The power of two for a column (its inverse for the row), 1 where it would gain less than 5 %.
    private static func factor(column: Double, row: Double) -> Double {
      var (column, row, factor) = (column, row, 1.0)
      let before = column + row
      while column < row / 2 {
        (factor, column, row) = (factor * 2, column * 2, row / 2)
      }
      while column / 2 >= row {
        (factor, column, row) = (factor / 2, column / 2, row * 2)
      }
      return column + row >= 0.95 * before ? 1 : factor
    }

    /// `dlahqr`'s test for a subdiagonal element that counts as 0 (Ahues and Tisseur).
    private var isTriangularToRounding: Bool {
      let unit = Double.ulpOfOne
      let smallest = Double.leastNormalMagnitude * (2 / unit)
      if c <= smallest { return true }
      guard c <= unit * (abs(a) + abs(d)) else { return false }
      let high = max(abs(d), abs(a - d))
      let sum = high + max(b, c)
      return min(b, c) * (max(b, c) / sum) <= max(smallest, unit * (min(abs(d), abs(a - d)) * (high / sum)))
    }
  }
}
