internal import Glibc

/// Eigenvalues of a real square matrix: reduction to Hessenberg form by elimination with pivots, then Francis' implicit
/// double-shift QR steps (Golub and Van Loan, Matrix Computations, 7.4 and 7.5).
struct GeneralEigenvalues {
  private var h: [Double]
  private let n: Int
  private(set) var values: [(real: Double, imaginary: Double)] = []

  /// - Parameters:
  ///   - matrix: `matrix[i * size + j]`, finite.
  ///   - size: rows and columns.
  /// - Returns: nil where the iteration does not converge.
  init?(_ matrix: [Double], size: Int) {
    h = matrix
    n = size
    reduce()
    guard iterate() else { return nil }
  }

  private subscript(_ i: Int, _ j: Int) -> Double {
    get { h[i &* n &+ j] }
    set { h[i &* n &+ j] = newValue }
  }

  private mutating func reduce() {
    guard n > 2 else { return }
    for m in 1..<(n - 1) {
      var pivot = m
      for i in m..<n where abs(self[i, m - 1]) > abs(self[pivot, m - 1]) { pivot = i }
      guard self[pivot, m - 1] != 0 else { continue }
      if pivot != m {
        for j in (m - 1)..<n { h.swapAt(pivot &* n &+ j, m &* n &+ j) }
        for i in 0..<n { h.swapAt(i &* n &+ pivot, i &* n &+ m) }
      }
      for i in (m + 1)..<n {
        let factor = self[i, m - 1] / self[m, m - 1]
        guard factor != 0 else { continue }
        self[i, m - 1] = 0
        for j in m..<n { self[i, j] -= factor * self[m, j] }
        for j in 0..<n { self[j, m] += factor * self[j, i] }
      }
    }
  }

  private mutating func iterate() -> Bool {
    var norm = 0.0
    for i in 0..<n { for j in max(0, i - 1)..<n { norm += abs(self[i, j]) } }
    var last = n - 1
    var shift = 0.0
    var rounds = 0
    while last >= 0 {
      var low = last
      while low > 0 {
        let size = abs(self[low - 1, low - 1]) + abs(self[low, low])
        if abs(self[low, low - 1]) <= Double.ulpOfOne * (size == 0 ? norm : size) {
          self[low, low - 1] = 0
          break
        }
        low -= 1
      }
      if low == last {
        values.append((self[last, last] + shift, 0))
        last -= 1
        rounds = 0
      } else if low == last - 1 {
        deflatePair(last, shift)
        last -= 2
        rounds = 0
      } else {
        guard rounds < 60 else { return false }
        var x = self[last, last]
        var y = self[last - 1, last - 1]
        var w = self[last, last - 1] * self[last - 1, last]
        if rounds > 0, rounds.isMultiple(of: 10) {
          // An exceptional shift breaks a cycle.
          shift += x
          for i in 0...last { self[i, i] -= x }
          let s = abs(self[last, last - 1]) + abs(self[last - 1, last - 2])
          (x, y, w) = (0.75 * s, 0.75 * s, -0.4375 * s * s)
        }
        rounds += 1
        step(low, last, x, y, w)
      }
    }
    return true
  }

  /// The two eigenvalues of the trailing block that ends at `last`.
  private mutating func deflatePair(_ last: Int, _ shift: Double) {
    let x = self[last, last]
    let y = self[last - 1, last - 1]
    let w = self[last, last - 1] * self[last - 1, last]
    let p = 0.5 * (y - x)
    let q = p * p + w
    let root = abs(q).squareRoot()
    if q >= 0 {
      let z = p + (p < 0 ? -root : root)
      values.append((x + shift + z, 0))
      values.append((z == 0 ? x + shift : x + shift - w / z, 0))
    } else {
      values.append((x + shift + p, root))
      values.append((x + shift + p, -root))
    }
  }

  /// One double-shift step on rows and columns low...last for the shifts with sum x + y and product x y - w.
  private mutating func step(_ low: Int, _ last: Int, _ x: Double, _ y: Double, _ w: Double) {
    var start = last - 2
    var p = 0.0
    var q = 0.0
    var r = 0.0
    while true {
      let z = self[start, start]
      p = ((x - z) * (y - z) - w) / self[start + 1, start] + self[start, start + 1]
      q = self[start + 1, start + 1] - z - (x - z) - (y - z)
      r = self[start + 2, start + 1]
      let s = abs(p) + abs(q) + abs(r)
      (p, q, r) = (p / s, q / s, r / s)
      if start == low { break }
      let neighbours = abs(self[start - 1, start - 1]) + abs(z) + abs(self[start + 1, start + 1])
      if abs(self[start, start - 1]) * (abs(q) + abs(r)) <= Double.ulpOfOne * abs(p) * neighbours { break }
      start -= 1
    }
    for i in (start + 2)...last {
      self[i, i - 2] = 0
      if i > start + 2 { self[i, i - 3] = 0 }
    }
    for k in start..<last {
      let isLast = k == last - 1
      var scale = 1.0
      if k > start {
        p = self[k, k - 1]
        q = self[k + 1, k - 1]
        r = isLast ? 0 : self[k + 2, k - 1]
        scale = abs(p) + abs(q) + abs(r)
        if scale == 0 { continue }
        (p, q, r) = (p / scale, q / scale, r / scale)
      }
      let length = (p * p + q * q + r * r).squareRoot()
      let s = p < 0 ? -length : length
      if s == 0 { continue }
      if k > start { self[k, k - 1] = -s * scale } else if low < start { self[k, k - 1] = -self[k, k - 1] }
      p += s
      let (a, b, c) = (p / s, q / s, r / s)
      q /= p
      r /= p
      for j in k..<n {
        let t = self[k, j] + q * self[k + 1, j] + (isLast ? 0 : r * self[k + 2, j])
        self[k, j] -= t * a
        self[k + 1, j] -= t * b
        if !isLast { self[k + 2, j] -= t * c }
      }
      for i in 0...min(last, k + 3) {
        let t = a * self[i, k] + b * self[i, k + 1] + (isLast ? 0 : c * self[i, k + 2])
        self[i, k] -= t
        self[i, k + 1] -= t * q
        if !isLast { self[i, k + 2] -= t * r }
      }
    }
  }
}
