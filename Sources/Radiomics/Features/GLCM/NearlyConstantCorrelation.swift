/// Correlation where one of the two grey levels hardly varies, with sums in NumPy's order.
///
/// A standard deviation that should be 0 comes out as 0 or as about 1e-16, depending on how the mean was rounded:
/// PyRadiomics then has 1 or nearly 0. Only the same operations in the same order decide which.
enum NearlyConstantCorrelation {
  /// - Parameters:
  ///   - matrix: one direction's, with a pair.
  ///   - level: the grey levels of its rows and columns.
  static func value(_ matrix: CooccurrenceMatrix, level: [Double]) -> Double {
    let n = matrix.count
    let total = matrix.total
    var meanX = 0.0
    var meanY = 0.0
    for i in 0..<n {
      for j in 0..<n where matrix.weights[i * n + j] != 0 {
        let p = matrix.weights[i * n + j] / total
        meanX += level[i] * p
        meanY += level[j] * p
      }
    }
    var varianceX = 0.0
    var varianceY = 0.0
    var covariance = 0.0
    for i in 0..<n {
      let x = level[i] - meanX
      for j in 0..<n where matrix.weights[i * n + j] != 0 {
        let p = matrix.weights[i * n + j] / total
        let y = level[j] - meanY
        varianceX += p * (x * x)
        varianceY += p * (y * y)
        covariance += p * x * y
      }
    }
    let spread = varianceX.squareRoot() * varianceY.squareRoot()
    return spread == 0 ? 1 : covariance / (spread + XLog2X.epsilon)
  }
}
