internal import Glibc

/// The largest eigenvalue of A = S Sᵀ on the vectors orthogonal to a known eigenvector, by Lanczos' method with full
/// orthogonalisation.
enum LargestEigenvalue {
  /// - Parameters:
  ///   - s: n x n, row by row.
  ///   - known: a unit eigenvector of A that is excluded.
  /// - Returns: the eigenvalue and a unit eigenvector; nil where the iteration breaks down without a start vector.
  static func find(of s: [Double], size n: Int, orthogonalTo known: [Double]) -> (value: Double, vector: [Double])? {
    // Levels without a pair have a zero row: the dimension of the space is the number of the other levels.
    let dimensions = known.count(where: { $0 > 0 }) - 1
    guard dimensions >= 1 else { return (0, [Double](repeating: 0, count: n)) }

    var basis: [[Double]] = []
    var alpha: [Double] = []
    var beta: [Double] = []
    // A start vector that no symmetry of the matrix can make orthogonal to the eigenvector: a fixed pseudo-random one.
    var seed: UInt64 = 0x9E37_79B9_7F4A_7C15
    var next = known.map { entry -> Double in
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return entry > 0 ? Double(seed >> 11) * 0x1p-53 - 0.5 : 0
    }
    orthogonalise(&next, against: [known])
    guard normalise(&next) > 1e-12 else { return nil }

    while true {
      basis.append(next)
      var product = multiply(s, n, next)
      alpha.append(dot(product, next))
      orthogonalise(&product, against: [known] + basis)
      orthogonalise(&product, against: [known] + basis)
      let norm = normalise(&product)
      let last = basis.count == dimensions || norm < 1e-13
      if last || basis.count % 4 == 0 {
        let top = TridiagonalEigenvalue.largest(diagonal: alpha, offDiagonal: beta)
        // The residual's square over the gap bounds the error of the eigenvalue; its norm bounds that of the vector.
        if last || norm * abs(top.vector[basis.count - 1]) < 1e-9 {
          var vector = [Double](repeating: 0, count: n)
          for (weight, column) in zip(top.vector, basis) {
            for i in 0..<n { vector[i] += weight * column[i] }
          }
          return (top.value, vector)
        }
      }
      beta.append(norm)
      next = product
    }
  }

  /// S (Sᵀ x).
  private static func multiply(_ s: [Double], _ n: Int, _ x: [Double]) -> [Double] {
    var inner = [Double](repeating: 0, count: n)
    var outer = [Double](repeating: 0, count: n)
    s.withUnsafeBufferPointer { s in
      inner.withUnsafeMutableBufferPointer { inner in
        for i in 0..<n {
          let factor = x[i]
          if factor == 0 { continue }
          let row = s.baseAddress! + i * n
          for k in 0..<n { inner[k] += row[k] * factor }
        }
        outer.withUnsafeMutableBufferPointer { outer in
          for i in 0..<n {
            let row = s.baseAddress! + i * n
            var lanes = SIMD4<Double>.zero
            var k = 0
            while k + 4 <= n {
              lanes +=
                SIMD4(row[k], row[k + 1], row[k + 2], row[k + 3])
                * SIMD4(inner[k], inner[k + 1], inner[k + 2], inner[k + 3])
              k += 4
            }
            var sum = lanes.sum()
            while k < n {
              sum += row[k] * inner[k]
              k += 1
            }
            outer[i] = sum
          }
        }
      }
    }
    return outer
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }

  private static func orthogonalise(_ x: inout [Double], against basis: [[Double]]) {
    for column in basis {
      let projection = dot(x, column)
      for i in x.indices { x[i] -= projection * column[i] }
    }
  }

  /// Makes x a unit vector and returns its previous length.
  private static func normalise(_ x: inout [Double]) -> Double {
    let length = dot(x, x).squareRoot()
    if length > 0 { for i in x.indices { x[i] /= length } }
    return length
  }
}
