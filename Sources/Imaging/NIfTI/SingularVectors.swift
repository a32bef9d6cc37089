/// Singular values and left singular vectors of a 3 x 3 matrix by LINPACK's `ssvdc` in float32, operation by operation.
///
/// ITK compares an sform with a qform by these vectors. Where two spacings are equal the vectors are not unique, and
/// which ones come out hangs on the order of the operations and their rounding: to make ITK's choice, its steps are
/// taken. (The library behind it, netlib's translated to C, takes square roots in double.)
struct SingularVectors {
  /// Singular values, largest first.
  private(set) var values: SIMD3<Float>
  /// Left singular vectors, the columns of U.
  private(set) var left: [SIMD3<Float>]

  private var x: [SIMD3<Float>]
  private var e = SIMD3<Float>(0, 0, 0)

  init(_ matrix: NIfTIMatrix) {
    x = (0..<3).map(matrix.column)
    values = SIMD3(0, 0, 0)
    left = [SIMD3<Float>](repeating: SIMD3(0, 0, 0), count: 3)
    bidiagonalise()
    formLeft()
    iterate()
  }

  /// Householder reduction to two diagonals: `values` and `e`. The transformations from the left go to `left`.
  private mutating func bidiagonalise() {
    for l in 0..<2 {
      values[l] = Self.norm((l..<3).map { x[l][$0] })
      if values[l] != 0 {
        if x[l][l] != 0 { values[l] = x[l][l] < 0 ? -abs(values[l]) : abs(values[l]) }
        let factor = 1 / values[l]
        for i in l..<3 { x[l][i] *= factor }
        x[l][l] += 1
      }
      values[l] = -values[l]
      for j in l + 1..<3 {
        if values[l] != 0 {
          let t = -Self.dot(x[l], x[j], from: l) / x[l][l]
          for i in l..<3 { x[j][i] += t * x[l][i] }
        }
        e[j] = x[j][l]
      }
      for i in l..<3 { left[l][i] = x[l][i] }
      if l == 0 { reduceRow() }
    }
    values[2] = x[2][2]
    e[1] = x[2][1]
    e[2] = 0
  }

  /// The transformation from the right that clears the first row beyond its second element.
  private mutating func reduceRow() {
    e[0] = Self.norm([e[1], e[2]])
    if e[0] != 0 {
      if e[1] != 0 { e[0] = e[1] < 0 ? -abs(e[0]) : abs(e[0]) }
      let factor = 1 / e[0]
      e[1] *= factor
      e[2] *= factor
      e[1] += 1
    }
    e[0] = -e[0]
    guard e[0] != 0 else { return }
    var work = SIMD3<Float>(0, 0, 0)
    for j in 1..<3 { for i in 1..<3 { work[i] += e[j] * x[j][i] } }
    for j in 1..<3 {
      let t = -e[j] / e[1]
      for i in 1..<3 { x[j][i] += t * work[i] }
    }
  }

  private mutating func formLeft() {
    left[2] = SIMD3(0, 0, 1)
    for l in [1, 0] {
      guard values[l] != 0 else {
        left[l] = SIMD3(0, 0, 0)
        left[l][l] = 1
        continue
      }
      for j in l + 1..<3 {
        let t = -Self.dot(left[l], left[j], from: l) / left[l][l]
        for i in l..<3 { left[j][i] += t * left[l][i] }
      }
      for i in l..<3 { left[l][i] = -left[l][i] }
      left[l][l] += 1
      for i in 0..<l { left[l][i] = 0 }
    }
  }

  /// QR steps until the second diagonal is gone. Indices are LINPACK's, from 1.
  private mutating func iterate() {
    var m = 3
    var steps = 0
    while m > 0, steps < 1000 {
      var l = m - 1
      while l > 0 {
        let test = abs(values[l - 1]) + abs(values[l])
        if test + abs(e[l - 1]) == test {
          e[l - 1] = 0
          break
        }
        l -= 1
      }
      if l == m - 1 {
        order(l)
        m -= 1
        steps = 0
        continue
      }
      var ls = m
      while ls > l {
        var test: Float = 0
        if ls != m { test += abs(e[ls - 1]) }
        if ls != l + 1 { test += abs(e[ls - 2]) }
        if test + abs(values[ls - 1]) == test {
          values[ls - 1] = 0
          break
        }
        ls -= 1
      }
      // A singular value of 0: the form is degenerate, which was refused before.
      guard ls == l else { return }
      step(from: l, to: m - 1)
      steps += 1
    }
  }

  /// One QR step on the block of (0-based) rows `l` to `m`.
  private mutating func step(from l: Int, to m: Int) {
    let scale = max(abs(values[m]), abs(values[m - 1]), abs(e[m - 1]), abs(values[l]), abs(e[l]))
    let (sm, smm1, emm1) = (values[m] / scale, values[m - 1] / scale, e[m - 1] / scale)
    let (sl, el) = (values[l] / scale, e[l] / scale)
    let b = ((smm1 + sm) * (smm1 - sm) + emm1 * emm1) / 2
    let c = (sm * emm1) * (sm * emm1)
    var shift: Float = 0
    if b != 0 || c != 0 {
      shift = Float(Double(b * b + c).squareRoot())
      if b < 0 { shift = -shift }
      shift = c / (b + shift)
    }
    var f = (sl + sm) * (sl - sm) + shift
    var g = sl * el
    for k in l..<m {
      var (cs, sn) = Self.rotation(&f, g)
      if k != l { e[k - 1] = f }
      f = cs * values[k] + sn * e[k]
      e[k] = cs * e[k] - sn * values[k]
      g = sn * values[k + 1]
      values[k + 1] = cs * values[k + 1]
      (cs, sn) = Self.rotation(&f, g)
      values[k] = f
      f = cs * e[k] + sn * values[k + 1]
      values[k + 1] = -sn * e[k] + cs * values[k + 1]
      g = sn * e[k + 1]
      e[k + 1] = cs * e[k + 1]
      let (u, v) = (left[k], left[k + 1])
      left[k] = cs * u + sn * v
      left[k + 1] = cs * v - sn * u
    }
    e[m - 1] = f
  }

  /// Makes a value positive and moves it to its place. V, whose sign would change with it, is not kept.
  private mutating func order(_ start: Int) {
    var l = start
    if values[l] < 0 { values[l] = -values[l] }
    while l < 2, values[l] < values[l + 1] {
      (values[l], values[l + 1]) = (values[l + 1], values[l])
      left.swapAt(l, l + 1)
      l += 1
    }
  }

  private static func dot(_ a: SIMD3<Float>, _ b: SIMD3<Float>, from start: Int) -> Float {
    (start..<3).reduce(Float(0)) { $0 + a[$1] * b[$1] }
  }

  /// `snrm2`.
  private static func norm(_ vector: [Float]) -> Float {
    if vector.count == 1 { return abs(vector[0]) }
    var scale: Float = 0
    var sum: Float = 1
    for value in vector where value != 0 {
      let size = abs(value)
      if scale < size {
        let ratio = scale / size
        sum = sum * (ratio * ratio) + 1
        scale = size
      } else {
        let ratio = size / scale
        sum += ratio * ratio
      }
    }
    return Float(Double(scale) * Double(sum).squareRoot())
  }

  /// `srotg`: the rotation that turns (a, b) into (r, 0); `a` becomes r.
  private static func rotation(_ a: inout Float, _ b: Float) -> (c: Float, s: Float) {
    let scale = abs(a) + abs(b)
    guard scale != 0 else {
      a = 0
      return (1, 0)
    }
    let (p, q) = (a / scale, b / scale)
    var r = Float(Double(scale) * Double(p * p + q * q).squareRoot())
    if (abs(a) > abs(b) ? a : b) < 0 { r = -r }
    defer { a = r }
    return (a / r, b / r)
  }
}
