internal import Glibc

/// Joint entropy and the two informational measures of correlation.
struct InformationMeasures: Sendable {
  let jointEntropy: Double
  let imc1: Double
  let imc2: Double

  /// Up to this many levels every logarithm is taken as PyRadiomics takes it; such matrices are nearly degenerate, and
  /// the measures differences of nearly equal entropies.
  private static let directLimit = 12

  init(_ matrix: CooccurrenceMatrix, _ m: Marginals) {
    let n = matrix.count
    let total = matrix.total
    if n <= Self.directLimit {
      self.init(direct: matrix, m)
      return
    }
    let epsilon = XLog2X.epsilon
    let ln2 = 0.6931471805599453
    let hxy = XLog2X.entropy(sumXLog2X: m.sumXLog2X, total: total, nonZero: m.nonZero)
    let hx = Marginals.entropy(m.x, total)
    let hy = Marginals.entropy(m.y, total)
    let levelsX = m.x.count(where: { $0 != 0 })
    let levelsY = m.y.count(where: { $0 != 0 })
    // Without the ε, -Σ p log2(px py) and -Σ px py log2(px py) are both HX + HY. The ε adds Σ p ε / (px py ln 2) to the
    // one and ε / ln 2 for every cell to the other.
    let plainX = hx + Double(levelsX) * epsilon / ln2
    let plainY = hy + Double(levelsY) * epsilon / ln2
    var correction = 0.0
    matrix.weights.withUnsafeBufferPointer { weights in
      for i in 0..<n where m.x[i] != 0 {
        var row = 0.0
        for j in 0..<n where m.y[j] != 0 { row += weights[i * n + j] / m.y[j] }
        correction += row / m.x[i]
      }
    }
    let hxy1 = plainX + plainY - correction * total * epsilon / ln2
    let hxy2 = plainX + plainY - Double(levelsX * levelsY) * epsilon / ln2
    self.init(hx: hx, hy: hy, hxy: hxy, hxy1: hxy1, hxy2: hxy2)
  }

  private init(direct matrix: CooccurrenceMatrix, _ m: Marginals) {
    let n = matrix.count
    let epsilon = XLog2X.epsilon
    var hx = 0.0
    var hy = 0.0
    var hxy = 0.0
    var hxy1 = 0.0
    var hxy2 = 0.0
    for i in 0..<n {
      let px = m.x[i] / matrix.total
      let own = m.y[i] / matrix.total
      hx -= px * log2(px + epsilon)
      hy -= own * log2(own + epsilon)
      for j in 0..<n {
        let p = matrix.weights[i * n + j] / matrix.total
        let product = px * (m.y[j] / matrix.total)
        hxy -= p * log2(p + epsilon)
        hxy1 -= p * log2(product + epsilon)
        hxy2 -= product * log2(product + epsilon)
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
