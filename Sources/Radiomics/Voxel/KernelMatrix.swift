internal import Glibc

/// A kernel's co-occurrence matrix and its features: the few pairs of a kernel are listed, and every sum runs over the
/// list in PyRadiomics' order, because in nearly flat kernels the last bit decides (`GLCMFeatures` for kernels).
final class KernelMatrix {
  /// Tables that all kernels of an image share.
  struct Tables: Sendable {
    /// By the difference of two levels k: 1/(1 + k), 1/(1 + k²), 1/(1 + k²/Ng²), 1/(1 + k/Ng), 1/k².
    let id: [Double]
    let idm: [Double]
    let idmn: [Double]
    let idn: [Double]
    let inverseVariance: [Double]
    let highest: Int
    let logarithms: LogarithmTable
    /// Whether the whole region has one level.
    let isFlat: Bool

    init(_ grid: KernelGrid, logarithms: LogarithmTable) {
      highest = grid.highest
      isFlat = grid.greyLevels.count == 1
      self.logarithms = logarithms
      let k = (0..<max(grid.highest, 1)).map(Double.init)
      let n = Double(grid.highest)
      id = k.map { 1 / (1 + $0) }
      idm = k.map { 1 / (1 + $0 * $0) }
      idmn = k.map { 1 / (1 + ($0 * $0) / (n * n)) }
      idn = k.map { 1 / (1 + $0 / n) }
      inverseVariance = k.map { $0 == 0 ? 0 : 1 / ($0 * $0) }
    }
  }

  private struct Cell: BitwiseCopyable {
    var i: Int32
    var j: Int32
    var weight: Double
  }

  /// `weights[i * levels + j]` for level numbers from 0.
  let weights: UnsafeMutablePointer<Double>
  private let tables: Tables
  private let weightScratch: KernelScratch<Double>
  private let cells: KernelScratch<Cell>
  private let x: KernelScratch<Double>
  private let y: KernelScratch<Double>
  private let sums: KernelScratch<Double>
  private let differences: KernelScratch<Double>
  private let sumKeys: KernelScratch<Int32>
  private let differenceKeys: KernelScratch<Int32>

  /// - Parameter levels: the largest number of levels of a kernel.
  init(levels: Int, tables: Tables) {
    self.tables = tables
    weightScratch = KernelScratch(count: levels * levels, 0)
    weights = weightScratch.base
    cells = KernelScratch(count: levels * levels, Cell(i: 0, j: 0, weight: 0))
    x = KernelScratch(count: levels, 0)
    y = KernelScratch(count: levels, 0)
    sums = KernelScratch(count: 2 * tables.highest + 1, 0)
    differences = KernelScratch(count: max(tables.highest, 1), 0)
    sumKeys = KernelScratch(count: levels * levels, 0)
    differenceKeys = KernelScratch(count: levels * levels, 0)
  }

  func clear(levels: Int) { weights.update(repeating: 0, count: levels * levels) }

  /// Adds each feature, in the order of `GLCMFeatures.names`, to `values` and 1 to `counts`; NaN is
  /// skipped.
  ///
  /// - Returns: whether the matrix has a pair.
  func addFeatures(
    levels n: Int, grey: UnsafeMutablePointer<Double>, needsMCC: Bool, to values: UnsafeMutablePointer<Double>,
    _ counts: UnsafeMutablePointer<Double>
  ) -> Bool {
    let (cells, x, y) = (cells.base, x.base, y.base)
    let (sums, differences) = (sums.base, differences.base)
    let (sumKeys, differenceKeys) = (sumKeys.base, differenceKeys.base)
    var count = 0
    var total = 0.0
    for i in 0..<n {
      y[i] = 0
      x[i] = 0
    }
    for i in 0..<n {
      let row = weights + i &* n
      for j in 0..<n where row[j] != 0 {
        cells[count] = Cell(i: Int32(truncatingIfNeeded: i), j: Int32(truncatingIfNeeded: j), weight: row[j])
        count &+= 1
        total += row[j]
        x[i] += row[j]
        y[j] += row[j]
      }
    }
    guard total > 0 else { return false }

    var meanX = 0.0
    var meanY = 0.0
    var sumCount = 0
    var differenceCount = 0
    for c in 0..<count {
      let cell = cells[c]
      let (gi, gj) = (grey[Int(cell.i)], grey[Int(cell.j)])
      let p = cell.weight / total
      meanX += gi * p
      meanY += gj * p
      let s = Int(gi + gj)
      if sums[s] == 0 {
        sumKeys[sumCount] = Int32(truncatingIfNeeded: s)
        sumCount &+= 1
      }
      sums[s] += cell.weight
      let d = Int(abs(gi - gj))
      if differences[d] == 0 {
        differenceKeys[differenceCount] = Int32(truncatingIfNeeded: d)
        differenceCount &+= 1
      }
      differences[d] += cell.weight
    }

    let row = tables.logarithms.row(total)
    var (product, prominence, shade, tendency, energy, entropy, largest) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    var (varianceX, varianceY, covariance) = (0.0, 0.0, 0.0)
    for c in 0..<count {
      let cell = cells[c]
      let (gi, gj) = (grey[Int(cell.i)], grey[Int(cell.j)])
      let p = cell.weight / total
      let (di, dj) = (gi - meanX, gj - meanY)
      let s = gi + gj - meanX - meanY
      let s2 = s * s
      product += p * (gi * gj)
      prominence += p * (s2 * s2)
      shade += p * (s2 * s)
      tendency += p * s2
      energy += p * p
      largest = max(largest, p)
      varianceX += p * (di * di)
      varianceY += p * (dj * dj)
      covariance += p * di * dj
      entropy -= tables.logarithms.value(cell.weight, of: total, row: row)
    }
    let spread = varianceX.squareRoot() * varianceY.squareRoot()

    var (contrast, differenceAverage, differenceEntropy) = (0.0, 0.0, 0.0)
    var (id, idm, idmn, idn, inverseVariance) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for c in 0..<differenceCount {
      let d = Int(differenceKeys[c])
      let p = differences[d] / total
      let k = Double(d)
      contrast += p * (k * k)
      differenceAverage += p * k
      id += p * tables.id[d]
      idm += p * tables.idm[d]
      idmn += p * tables.idmn[d]
      idn += p * tables.idn[d]
      inverseVariance += p * tables.inverseVariance[d]
      differenceEntropy -= tables.logarithms.value(differences[d], of: total, row: row)
    }
    var differenceVariance = 0.0
    for c in 0..<differenceCount {
      let d = Int(differenceKeys[c])
      let deviation = Double(d) - differenceAverage
      differenceVariance += differences[d] / total * (deviation * deviation)
      differences[d] = 0
    }
    var sumAverage = 0.0
    var sumEntropy = 0.0
    for c in 0..<sumCount {
      let s = Int(sumKeys[c])
      sumAverage += sums[s] / total * Double(s)
      sumEntropy -= tables.logarithms.value(sums[s], of: total, row: row)
      sums[s] = 0
    }
    let (imc1, imc2) = information(n, count, total, row, entropy)

    @inline(__always) func add(_ f: Int, _ value: Double) {
      if !value.isNaN {
        values[f] += value
        counts[f] += 1
      }
    }
    add(0, product)
    add(1, prominence)
    add(2, shade)
    add(3, tendency)
    add(4, contrast)
    add(5, spread == 0 ? 1 : covariance / (spread + XLog2X.epsilon))
    add(6, differenceAverage)
    add(7, differenceEntropy)
    add(8, differenceVariance)
    add(9, id)
    add(10, idm)
    add(11, idmn)
    add(12, idn)
    add(13, imc1)
    add(14, imc2)
    add(15, inverseVariance)
    add(16, meanX)
    add(17, energy)
    add(18, entropy)
    if needsMCC { add(19, correlation(n, total: total)) }
    add(20, largest)
    add(21, sumAverage)
    add(22, sumEntropy)
    add(23, varianceX)
    return true
  }

  /// With few levels, or nearly independent rows and columns, PyRadiomics' own sums decide between 0, a tiny number and
  /// NaN; otherwise HXY1 and HXY2 are both HX + HY, except for the ε.
  private func information(
    _ n: Int, _ count: Int, _ total: Double, _ row: Int?, _ entropy: Double
  ) -> (Double, Double) {
    let (cells, x, y) = (cells.base, x.base, y.base)
    var hx = 0.0
    var hy = 0.0
    for i in 0..<n {
      if x[i] != 0 { hx -= tables.logarithms.value(x[i], of: total, row: row) }
      if y[i] != 0 { hy -= tables.logarithms.value(y[i], of: total, row: row) }
    }
    var hxy1 = hx + hy
    var hxy2 = hxy1
    if n <= 6 || hxy2 - entropy < 1e-8 {
      for i in 0..<n {
        x[i] = 0
        y[i] = 0
      }
      for c in 0..<count {
        let p = cells[c].weight / total
        x[Int(cells[c].i)] += p
        y[Int(cells[c].j)] += p
      }
      hxy1 = 0
      hxy2 = 0
      for i in 0..<n where x[i] != 0 {
        for j in 0..<n where y[j] != 0 {
          let product = x[i] * y[j]
          let logarithm = log2(product + XLog2X.epsilon)
          hxy2 -= product * logarithm
          hxy1 -= weights[i &* n &+ j] / total * logarithm
        }
      }
    }
    let divisor = max(hx, hy)
    return (
      divisor == 0 ? 0 : (entropy - hxy1) / divisor,
      hxy2 == entropy ? 0 : (1 - exp(-2 * (hxy2 - entropy))).squareRoot()
    )
  }

  private func correlation(_ n: Int, total: Double) -> Double {
    if tables.isFlat { return 1 }
    // One level of several: the other eigenvalues are 0.
    if n < 2 { return 0 }
    var matrix = CooccurrenceMatrix(
      DirectionCounts(levels: n, pairs: Array(repeating: 0, count: n * n), runs: [], longestRun: 0), symmetrical: false)
    for i in 0..<n * n { matrix.weights[i] = weights[i] }
    matrix.total = total
    return MaximalCorrelation.value(matrix, Marginals(matrix, greyLevels: Array(1...n)))
  }
}
