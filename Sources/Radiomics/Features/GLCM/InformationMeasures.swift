internal import Glibc

/// Joint entropy and the two informational measures of correlation.
struct InformationMeasures: Sendable {
  let jointEntropy: Double
  let imc1: Double
  let imc2: Double

  /// Up to this number of levels every logarithm is computed as in PyRadiomics; such matrices are nearly degenerate,
  /// and the measures are differences of nearly equal entropies.
  private static let directLimit = 12

  init(_ matrix: CooccurrenceMatrix, _ m: Marginals) {
    let n = matrix.count
    let total = matrix.total
    if n <= Self.directLimit {
      self.init(direct: matrix)
      return
    }
    let epsilon = XLog2X.epsilon
    let ln2 = 0.6931471805599453
    let hxy = XLog2X.entropy(sumXLog2X: m.sumXLog2X, total: total, nonZero: m.nonZero)
    let hx = Marginals.entropy(m.x, total)
    let hy = Marginals.entropy(m.y, total)
    let levelsX = m.x.count(where: { $0 != 0 })
    let levelsY = m.y.count(where: { $0 != 0 })
    // Without the ε, -Σ p log2(px py) and -Σ px py log2(px py) are both HX + HY. The ε adds Σ p log2(1 + ε / (px py)) to the
    // one and ε / ln 2 for every cell to the other.
    let plainX = hx + Double(levelsX) * epsilon / ln2
    let plainY = hy + Double(levelsY) * epsilon / ln2
    let scale = epsilon * total * total
    var correction = 0.0
    matrix.weights.withUnsafeBufferPointer { weights in
      for i in 0..<n where m.x[i] != 0 {
        var row = 0.0
        for j in 0..<n where weights[i * n + j] != 0 {
          let ratio = scale / (m.x[i] * m.y[j])
          // Weighted directions may have products far below ε.
          row += weights[i * n + j] * (ratio < 1e-5 ? ratio : log1p(ratio))
        }
        correction += row
      }
    }
    let hxy1 = plainX + plainY - correction / total / ln2
    let hxy2 = plainX + plainY - Double(levelsX * levelsY) * epsilon / ln2
    self.init(hx: hx, hy: hy, hxy: hxy, hxy1: hxy1, hxy2: hxy2)
  }

  /// The marginals are sums of rounded probabilities here, as in NumPy: where the levels are independent, the last
  /// bit decides whether Imc2 is near 0 or NaN.
  private init(direct matrix: CooccurrenceMatrix) {
    let n = matrix.count
    let epsilon = XLog2X.epsilon
    let joint = matrix.weights.map { $0 / matrix.total }
    var rows = [Double](repeating: 0, count: n)
    var columns = rows
    for i in 0..<n {
      for j in 0..<n {
        rows[i] += joint[i * n + j]
        columns[j] += joint[i * n + j]
      }
    }
    var hx = 0.0
    var hy = 0.0
    var hxy = 0.0
    var hxy1 = 0.0
    var hxy2 = 0.0
    for i in 0..<n {
      hx -= rows[i] * log2(rows[i] + epsilon)
      hy -= columns[i] * log2(columns[i] + epsilon)
      for j in 0..<n {
        let p = joint[i * n + j]
        let product = rows[i] * columns[j]
        let logarithm = log2(product + epsilon)
        hxy -= p * log2(p + epsilon)
        hxy1 -= p * logarithm
        hxy2 -= product * logarithm
      }
    }
    self.init(hx: hx, hy: hy, hxy: hxy, hxy1: hxy1, hxy2: hxy2)
  }

  private init(hx: Double, hy: Double, hxy: Double, hxy1: Double, hxy2: Double) {
    jointEntropy = hxy
    let divisor = max(hx, hy)
    imc1 = divisor == 0 ? 0 : (hxy - hxy1) / divisor
    imc2 = hxy2 == hxy ? 0 : (1 - exp(-2 * (hxy2 - hxy))).squareRoot()
  }
}
