internal import Errors
internal import Glibc

/// min C Σ log(1 + e^(-t z)) + ½‖w‖², the intercept not penalised: Newton's method to the last digits. The minimum is
/// unique, so no seed is needed.
struct LogisticRegressionFit: Sendable {
  let coefficients: [Double]
  let intercept: Double

  /// - Parameters:
  ///   - x: rows x columns, columns fastest.
  ///   - targets: one per row, within [0, 1].
  init(_ x: [Double], targets: [Double], columns: Int, c: Double) throws {
    let rows = targets.count
    if columns <= rows {
      (coefficients, intercept) = try Self.newton(x, targets, columns: columns, c: c)
      return
    }
    // The best w lies in the span of the rows: solve for its coordinates there, which rotate the penalty into itself.
    let svd = SingularValueDecomposition(x, rows: rows, columns: columns)
    let rank = svd.rank
    var z = [Double](repeating: 0, count: rows * max(rank, 1))
    x.withUnsafeBufferPointer { x in
      svd.rightVectors.withUnsafeBufferPointer { v in
        z.withUnsafeMutableBufferPointer { z in
          MatrixKernels.multiplyByTransposed(
            x.baseAddress!, v.baseAddress!, into: z.baseAddress!, rows, rank, columns)
        }
      }
    }
    let (inner, intercept) = try Self.newton(z, targets, columns: rank, c: c)
    var w = [Double](repeating: 0, count: columns)
    for (k, value) in inner.enumerated() {
      for j in 0..<columns { w[j] += value * svd.rightVectors[k * columns + j] }
    }
    coefficients = w
    self.intercept = intercept
  }

  private static let stepLimit = 200

  private static func newton(
    _ x: [Double], _ targets: [Double], columns: Int, c: Double
  ) throws -> ([Double], Double) {
    let width = columns + 1
    var w = [Double](repeating: 0, count: width)
    var loss = objective(x, targets, w, c)
    for _ in 0..<stepLimit {
      let (gradient, hessian) = derivatives(x, targets, w, c)
      guard let step = CholeskySolver.solve(hessian, gradient) else { break }
      // Halve the step until it no longer leads uphill; near the minimum the objective is flat to rounding.
      var share = 1.0
      var next = w
      var nextLoss = Double.infinity
      while share > 1e-10 {
        next = zip(w, step).map { $0 - share * $1 }
        nextLoss = objective(x, targets, next, c)
        if nextLoss <= loss + 1e-12 * abs(loss) { break }
        share /= 2
      }
      let moved = zip(w, next).map { abs($0 - $1) }.max() ?? 0
      w = next
      loss = nextLoss
      if moved <= 1e-14 * max(1, w.map(abs).max() ?? 0) { break }
    }
    guard w.allSatisfy(\.isFinite) else {
      throw StudyError(
        .trainDiverged, "the logistic regression did not reach a finite solution",
        hint: "standardise the features, or lower c")
    }
    return (Array(w.dropLast()), w[columns])
  }

  private static func objective(_ x: [Double], _ targets: [Double], _ w: [Double], _ c: Double) -> Double {
    let columns = w.count - 1
    var loss = 0.0
    for (row, target) in targets.enumerated() {
      let z = logit(x, row, w)
      // log(1 + e^z) - t z, without overflow
      loss += max(z, 0) + log1p(exp(-abs(z))) - target * z
    }
    return c * loss + 0.5 * w[0..<columns].reduce(0) { $0 + $1 * $1 }
  }

  private static func derivatives(
    _ x: [Double], _ targets: [Double], _ w: [Double], _ c: Double
  ) -> (gradient: [Double], hessian: [Double]) {
    let width = w.count
    let columns = width - 1
    var gradient = w
    gradient[columns] = 0
    var hessian = [Double](repeating: 0, count: width * width)
    for j in 0..<columns { hessian[j * width + j] = 1 }
    var row = [Double](repeating: 1, count: width)
    for (index, target) in targets.enumerated() {
      for j in 0..<columns { row[j] = x[index * columns + j] }
      let p = 1 / (1 + exp(-logit(x, index, w)))
      let slope = c * (p - target)
      // Kept above zero, so that the intercept stays determined where every case is certain.
      let curvature = c * max(p * (1 - p), 1e-300)
      for j in 0..<width {
        gradient[j] += slope * row[j]
        let factor = curvature * row[j]
        for k in 0...j { hessian[j * width + k] += factor * row[k] }
      }
    }
    return (gradient, hessian)
  }

  private static func logit(_ x: [Double], _ row: Int, _ w: [Double]) -> Double {
    let columns = w.count - 1
    var z = w[columns]
    for j in 0..<columns { z += x[row * columns + j] * w[j] }
    return z
  }
}
