/// Sums over a co-occurrence matrix, none of them normalised, from one pass over its cells.
struct Marginals: Sendable {
  /// Row and column sums.
  let x: [Double]
  let y: [Double]
  /// By i + j of the grey levels.
  let sum: [Double]
  /// By |i - j| of the grey levels.
  let difference: [Double]
  /// Σ i j w.
  let product: Double
  /// Σ w².
  let squares: Double
  /// Σ w log2 w.
  let sumXLog2X: Double
  let nonZero: Int
  let maximum: Double

  init(_ matrix: CooccurrenceMatrix, greyLevels: [Int]) {
    let n = matrix.count
    let highest = greyLevels[n - 1]
    var x = [Double](repeating: 0, count: n)
    var y = [Double](repeating: 0, count: n)
    var sum = [Double](repeating: 0, count: 2 * highest + 1)
    var difference = [Double](repeating: 0, count: highest)
    var product = 0.0
    var squares = 0.0
    var sumXLog2X = 0.0
    var nonZero = 0
    var maximum = 0.0
    matrix.weights.withUnsafeBufferPointer { weights in
      greyLevels.withUnsafeBufferPointer { greyLevels in
        y.withUnsafeMutableBufferPointer { y in
          sum.withUnsafeMutableBufferPointer { sum in
            difference.withUnsafeMutableBufferPointer { difference in
              XLog2X.table.withUnsafeBufferPointer { table in
                for i in 0..<n {
                  let levelI = greyLevels[i]
                  var row = 0.0
                  var weighted = 0.0
                  for j in 0..<n {
                    let weight = weights[i &* n &+ j]
                    if weight == 0 { continue }
                    let levelJ = greyLevels[j]
                    row += weight
                    y[j] += weight
                    weighted += weight * Double(levelJ)
                    sum[levelI &+ levelJ] += weight
                    difference[abs(levelI &- levelJ)] += weight
                    squares += weight * weight
                    maximum = max(maximum, weight)
                    sumXLog2X += XLog2X.value(weight, table)
                    nonZero &+= 1
                  }
                  x[i] = row
                  product += weighted * Double(levelI)
                }
              }
            }
          }
        }
      }
    }
    self.x = x
    self.y = y
    self.sum = sum
    self.difference = difference
    self.product = product
    self.squares = squares
    self.sumXLog2X = sumXLog2X
    self.nonZero = nonZero
    self.maximum = maximum
  }

  /// Entropy in bits of weights / total.
  static func entropy(_ weights: [Double], _ total: Double) -> Double {
    var sum = 0.0
    var nonZero = 0
    XLog2X.table.withUnsafeBufferPointer { table in
      for weight in weights where weight != 0 {
        sum += XLog2X.value(weight, table)
        nonZero += 1
      }
    }
    return XLog2X.entropy(sumXLog2X: sum, total: total, nonZero: nonZero)
  }
}
