/// X = U S Vᵀ by one-sided Jacobi rotations (Hestenes 1958; Demmel and Veselić 1992): simple, exact to the last digits for
/// every singular value, and without a library whose rounding depends on the machine.
struct SingularValueDecomposition {
  /// Descending; min(rows, columns) of them.
  let values: [Double]
  /// Right singular vectors: row c belongs to value c; `values.count` x `columns`. Rows of values beyond `rank` are
  /// meaningless.
  let rightVectors: [Double]
  let columns: Int

  /// Number of values above the rounding of zero.
  var rank: Int {
    let least = (values.first ?? 0) * Double(max(columns, values.count)) * .ulpOfOne
    return values.prefix { $0 > least }.count
  }

  /// - Parameter matrix: `rows` x `columns`, columns fastest.
  init(_ matrix: [Double], rows: Int, columns: Int) {
    self.columns = columns
    if rows <= columns {
      // Rotated until they are orthogonal, the rows are the right singular vectors, each as long as its value.
      var a = matrix
      let lengths = Self.orthogonalise(&a, count: rows, length: columns)
      let order = (0..<rows).sorted { lengths[$0] == lengths[$1] ? $0 < $1 : lengths[$0] > lengths[$1] }
      var vectors: [Double] = []
      vectors.reserveCapacity(rows * columns)
      for row in order {
        let scale = lengths[row] > 0 ? lengths[row] : 1
        for i in 0..<columns { vectors.append(a[row * columns + i] / scale) }
      }
      values = order.map { lengths[$0] }
      rightVectors = vectors
    } else {
      // The columns, with the rotations written next to them: those are the right singular vectors.
      let width = rows + columns
      var a = [Double](repeating: 0, count: columns * width)
      for column in 0..<columns {
        for row in 0..<rows { a[column * width + row] = matrix[row * columns + column] }
        a[column * width + rows + column] = 1
      }
      let lengths = Self.orthogonalise(&a, count: columns, length: rows, width: width)
      let order = (0..<columns).sorted { lengths[$0] == lengths[$1] ? $0 < $1 : lengths[$0] > lengths[$1] }
      values = order.map { lengths[$0] }
      rightVectors = order.flatMap { row in a[(row * width + rows)..<((row + 1) * width)] }
    }
  }

  /// Rotates pairs of rows until all are orthogonal, and returns their lengths. `length` numbers of each row count;
  /// `width` are rotated.
  private static func orthogonalise(_ a: inout [Double], count: Int, length: Int, width: Int? = nil) -> [Double] {
    let width = width ?? length
    return a.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress, count > 0 else { return [] }
      var squares = [Double](repeating: 0, count: count)
      for _ in 0..<sweepLimit {
        for i in 0..<count { squares[i] = VectorKernels.dot(base + i * width, base + i * width, length) }
        // A row this short is only rounding: rotating it would never end.
        let negligible = (squares.max() ?? 0) * Double.ulpOfOne * Double.ulpOfOne * Double(length)
        let largest = sweep(base, &squares, count, length, width, negligible)
        // Convergence is quadratic: the sweep just done left less than rounding.
        if largest < 1e-9 { break }
      }
      return (0..<count).map { VectorKernels.dot(base + $0 * width, base + $0 * width, length).squareRoot() }
    }
  }

  private static let sweepLimit = 60

  /// One rotation of each pair; returns the largest |cosine| found.
  private static func sweep(
    _ base: UnsafeMutablePointer<Double>, _ squares: inout [Double], _ count: Int, _ length: Int, _ width: Int,
    _ negligible: Double
  ) -> Double {
    var largest = 0.0
    for i in 0..<(count - 1) {
      for j in (i + 1)..<count {
        let (alpha, beta) = (squares[i], squares[j])
        if alpha <= negligible || beta <= negligible { continue }
        let (p, q) = (base + i &* width, base + j &* width)
        let gamma = VectorKernels.dot(p, q, length)
        let cosine = abs(gamma) / (alpha * beta).squareRoot()
        if cosine <= Double.ulpOfOne { continue }
        largest = max(largest, cosine)
        let zeta = (beta - alpha) / (2 * gamma)
        let t = (zeta < 0 ? -1 : 1) / (abs(zeta) + (1 + zeta * zeta).squareRoot())
        let cos = 1 / (1 + t * t).squareRoot()
        VectorKernels.rotate(p, q, cos: cos, sin: cos * t, width)
        squares[i] = max(alpha - t * gamma, 0)
        squares[j] = max(beta + t * gamma, 0)
      }
    }
    return largest
  }
}
