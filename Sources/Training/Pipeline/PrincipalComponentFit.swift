/// The result of scikit-learn's `PCA(svd_solver="full")`: the whole spectrum, of which a specification keeps the first
/// few.
struct PrincipalComponentFit: Sendable {
  let mean: [Double]
  /// All components, one per row; the entry of largest magnitude of every row is positive (scikit-learn >= 1.5).
  let components: [Double]
  let columns: Int
  /// λ of each component, with n - 1.
  let explainedVariance: [Double]
  /// λ over the sum of all of them.
  let explainedVarianceRatio: [Double]
  /// Components with a variance above rounding: at most rows - 1.
  let rank: Int

  /// - Parameter x: rows x columns, columns fastest; finite.
  init(_ x: [Double], rows: Int, columns: Int) {
    mean = ScalerFit.means(x, rows: rows, columns: columns)
    var centred = x
    for row in 0..<rows {
      for j in 0..<columns { centred[row * columns + j] -= mean[j] }
    }
    let svd = SingularValueDecomposition(centred, rows: rows, columns: columns)
    var vectors = svd.rightVectors
    for c in svd.values.indices { Self.orient(&vectors, (c * columns)..<((c + 1) * columns)) }
    components = vectors
    self.columns = columns
    explainedVariance = svd.values.map { $0 * $0 / Double(rows - 1) }
    let total = explainedVariance.reduce(0, +)
    explainedVarianceRatio = explainedVariance.map { total > 0 ? $0 / total : 0 }
    rank = min(svd.rank, rows - 1)
  }

  /// The number of components that explain at least a share of the variance.
  func count(explaining share: Double) -> Int {
    var sum = 0.0
    for (index, ratio) in explainedVarianceRatio.enumerated() {
      sum += ratio
      if sum > share { return min(index + 1, rank) }
    }
    return rank
  }

  /// Scores of the first `count` components: rows x count.
  func transform(_ x: [Double], rows: Int, count: Int) -> [Double] {
    var centred = x
    for row in 0..<rows {
      for j in 0..<columns { centred[row * columns + j] -= mean[j] }
    }
    var out = [Double](repeating: 0, count: rows * count)
    guard rows * count > 0 else { return out }
    centred.withUnsafeBufferPointer { x in
      components.withUnsafeBufferPointer { v in
        out.withUnsafeMutableBufferPointer { out in
          MatrixKernels.multiplyByTransposed(
            x.baseAddress!, v.baseAddress!, into: out.baseAddress!, rows, count, columns)
        }
      }
    }
    return out
  }

  private static func orient(_ vectors: inout [Double], _ row: Range<Int>) {
    var largest = row.lowerBound
    for i in row where abs(vectors[i]) > abs(vectors[largest]) { largest = i }
    guard !row.isEmpty, vectors[largest] < 0 else { return }
    for i in row { vectors[i] = -vectors[i] }
  }
}
