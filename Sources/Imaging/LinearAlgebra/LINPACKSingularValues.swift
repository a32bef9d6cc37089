/// Singular value decomposition of a 3 x 3 matrix, A = U diag(s) Vᵀ, by LINPACK's `svdc` (Householder to bidiagonal form,
/// then implicit QR), with its order of operations, in float32 (`ssvdc`) or float64 (`dsvdc`).
///
/// ITK inverts a grid's matrix with it, and compares an sform with a qform by its vectors. An exact inverse would
/// differ in the last bits, and a nearest neighbour that lies half-way between two voxels would then be the other one;
/// where two spacings are equal the vectors are not unique, and order and rounding decide which ones result. (The
/// library behind it, netlib's translated to C, takes square roots in double.)
package struct LINPACKSingularValues<Scalar: BinaryFloatingPoint & Sendable>: Sendable {
  /// Element (i, j) is at `i + 3 * j`.
  private var x: [Scalar]
  private var u = [Scalar](repeating: 0, count: 9)
  private var v = [Scalar](repeating: 0, count: 9)
  private var s = [Scalar](repeating: 0, count: 3)
  /// Superdiagonal; the last element stays 0.
  private var e = [Scalar](repeating: 0, count: 3)

  /// Whether the iteration converged. It does not where a singular value is 0 in the precision of the numbers:
  /// values and vectors are then as they were when it stopped.
  package private(set) var isComplete = false

  /// - Parameter elements: of the matrix, element (i, j) at `i + 3 * j`.
  package init(columnMajor elements: [Scalar]) {
    precondition(elements.count == 9, "a 3 x 3 matrix has nine elements")
    x = elements
    bidiagonalise()
    generateU()
    generateV()
    isComplete = diagonalise()
  }

  /// Singular values, largest first.
  package var values: [Scalar] { s }

  /// Element `row` of left singular vector `column`.
  package func left(_ row: Int, _ column: Int) -> Scalar { u[row + 3 * column] }

  /// Element `row` of right singular vector `column`.
  package func right(_ row: Int, _ column: Int) -> Scalar { v[row + 3 * column] }

  private mutating func bidiagonalise() {
    for l in 0..<2 {
      s[l] = Self.norm(x, l + 3 * l, 3 - l)
      if s[l] != 0 {
        if x[4 * l] != 0 { s[l] = x[4 * l] >= 0 ? abs(s[l]) : -abs(s[l]) }
        Self.scale(&x, 4 * l, 3 - l, by: 1 / s[l])
        x[4 * l] += 1
      }
      s[l] = -s[l]
      for j in l + 1..<3 {
        if s[l] != 0 { Self.reflect(&x, l + 3 * l, l + 3 * j, 3 - l) }
        e[j] = x[l + 3 * j]
      }
      for i in l..<3 { u[i + 3 * l] = x[i + 3 * l] }
      if l == 0 { bidiagonaliseFirstRow() }
    }
    s[2] = x[8]
    e[1] = x[1 + 3 * 2]
    e[2] = 0
  }

  private mutating func bidiagonaliseFirstRow() {
    e[0] = Self.norm(e, 1, 2)
    if e[0] != 0 {
      if e[1] != 0 { e[0] = e[1] >= 0 ? abs(e[0]) : -abs(e[0]) }
      Self.scale(&e, 1, 2, by: 1 / e[0])
      e[1] += 1
    }
    e[0] = -e[0]
    if e[0] != 0 {
      var work: [Scalar] = [0, 0, 0]
      for j in 1..<3 { for i in 1..<3 where e[j] != 0 { work[i] += e[j] * x[i + 3 * j] } }
      for j in 1..<3 {
        let t = -e[j] / e[1]
        for i in 1..<3 where t != 0 { x[i + 3 * j] += t * work[i] }
      }
    }
    for i in 1..<3 { v[i] = e[i] }
  }

  private mutating func generateU() {
    for i in 0..<3 { u[i + 6] = i == 2 ? 1 : 0 }
    for l in [1, 0] {
      if s[l] == 0 {
        for i in 0..<3 { u[i + 3 * l] = i == l ? 1 : 0 }
        continue
      }
      for j in l + 1..<3 { Self.reflect(&u, l + 3 * l, l + 3 * j, 3 - l) }
      Self.scale(&u, 4 * l, 3 - l, by: -1)
      u[4 * l] += 1
      for i in 0..<l { u[i + 3 * l] = 0 }
    }
  }

  private mutating func generateV() {
    for l in [2, 1, 0] {
      if l == 0, e[0] != 0 {
        for j in 1..<3 { Self.reflect(&v, 1, 1 + 3 * j, 2) }
      }
      for i in 0..<3 { v[i + 3 * l] = i == l ? 1 : 0 }
    }
  }

  /// - Returns: false where a singular value is negligible or the iteration does not converge.
  private mutating func diagonalise() -> Bool {
    var m = 2
    var iterations = 0
    while m >= 0 {
      // The block l...m has no negligible superdiagonal element.
      var l = m
      while l > 0 {
        let test = abs(s[l - 1]) + abs(s[l])
        if test + abs(e[l - 1]) == test {
          e[l - 1] = 0
          break
        }
        l -= 1
      }
      if l == m {
        settle(m)
        iterations = 0
        m -= 1
        continue
      }
      for k in (l...m).reversed() {
        let test = (k != m ? abs(e[k]) : 0) + (k != l ? abs(e[k - 1]) : 0)
        guard test + abs(s[k]) != test else {
          s[k] = 0
          return false
        }
      }
      guard iterations < 1000 else { return false }
      step(l, m)
      iterations += 1
    }
    return true
  }

  /// One implicit QR step on the block l...m.
  private mutating func step(_ l: Int, _ m: Int) {
    let scale = max(abs(s[m]), abs(s[m - 1]), abs(e[m - 1]), abs(s[l]), abs(e[l]))
    let sm = s[m] / scale
    let smm1 = s[m - 1] / scale
    let emm1 = e[m - 1] / scale
    let sl = s[l] / scale
    let el = e[l] / scale
    let b = ((smm1 + sm) * (smm1 - sm) + emm1 * emm1) / 2
    let c = (sm * emm1) * (sm * emm1)
    var shift: Scalar = 0
    if b != 0 || c != 0 {
      shift = Self.product(1, root: b * b + c)
      if b < 0 { shift = -shift }
      shift = c / (b + shift)
    }
    var f = (sl + sm) * (sl - sm) + shift
    var g = sl * el
    for k in l..<m {
      var (cs, sn) = Self.rotation(&f, g)
      if k != l { e[k - 1] = f }
      f = cs * s[k] + sn * e[k]
      e[k] = cs * e[k] - sn * s[k]
      g = sn * s[k + 1]
      s[k + 1] = cs * s[k + 1]
      Self.rotate(&v, k, cs, sn)
      (cs, sn) = Self.rotation(&f, g)
      s[k] = f
      f = cs * e[k] + sn * s[k + 1]
      s[k + 1] = -sn * e[k] + cs * s[k + 1]
      g = sn * e[k + 1]
      e[k + 1] = cs * e[k + 1]
      Self.rotate(&u, k, cs, sn)
    }
    e[m - 1] = f
  }

  /// Makes singular value l positive and moves it to its place among those that follow, largest first.
  private mutating func settle(_ l: Int) {
    if s[l] < 0 {
      s[l] = -s[l]
      Self.scale(&v, 3 * l, 3, by: -1)
    }
    var l = l
    while l < 2, s[l] < s[l + 1] {
      s.swapAt(l, l + 1)
      for i in 0..<3 {
        v.swapAt(i + 3 * l, i + 3 * (l + 1))
        u.swapAt(i + 3 * l, i + 3 * (l + 1))
      }
      l += 1
    }
  }

  /// Adds to column b the multiple of column a that LINPACK's reflections use: -(a·b / a₀) a.
  private static func reflect(_ values: inout [Scalar], _ a: Int, _ b: Int, _ count: Int) {
    var dot: Scalar = 0
    for i in 0..<count { dot += values[a + i] * values[b + i] }
    let t = -dot / values[a]
    guard t != 0 else { return }
    for i in 0..<count { values[b + i] += t * values[a + i] }
  }

  private static func scale(_ values: inout [Scalar], _ start: Int, _ count: Int, by factor: Scalar) {
    for i in start..<start + count { values[i] *= factor }
  }

  /// A number times a square root, both in double, rounded at the end.
  private static func product(_ factor: Scalar, root square: Scalar) -> Scalar {
    Scalar(Double(factor) * Double(square).squareRoot())
  }

  /// Euclidean norm without overflow (BLAS `dnrm2`).
  private static func norm(_ values: [Scalar], _ start: Int, _ count: Int) -> Scalar {
    guard count > 1 else { return abs(values[start]) }
    var scale: Scalar = 0
    var sum: Scalar = 1
    for i in start..<start + count where values[i] != 0 {
      let magnitude = abs(values[i])
      if scale < magnitude {
        sum = sum * ((scale / magnitude) * (scale / magnitude)) + 1
        scale = magnitude
      } else {
        sum += (magnitude / scale) * (magnitude / scale)
      }
    }
    return product(scale, root: sum)
  }

  /// The plane rotation that turns (a, b) into (r, 0) (BLAS `drotg`); a becomes r.
  private static func rotation(_ a: inout Scalar, _ b: Scalar) -> (cosine: Scalar, sine: Scalar) {
    let scale = abs(a) + abs(b)
    guard scale != 0 else {
      a = 0
      return (1, 0)
    }
    let (p, q) = (a / scale, b / scale)
    var r = product(scale, root: p * p + q * q)
    if (abs(a) > abs(b) ? a : b) < 0 { r = -r }
    let turn = (a / r, b / r)
    a = r
    return turn
  }

  /// Rotates columns k and k + 1 (BLAS `drot`).
  private static func rotate(_ values: inout [Scalar], _ k: Int, _ cosine: Scalar, _ sine: Scalar) {
    for i in 3 * k..<3 * k + 3 {
      let (a, b) = (values[i], values[i + 3])
      values[i] = cosine * a + sine * b
      values[i + 3] = cosine * b - sine * a
    }
  }
}
