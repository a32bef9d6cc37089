internal import Glibc

/// x · log2(x), from a table where x is a small whole number, as almost every count in a texture matrix is.
enum XLog2X {
  static let tableSize = 2048
  static let table: [Double] = (0..<tableSize).map { $0 == 0 ? 0 : Double($0) * log2(Double($0)) }

  @inline(__always)
  static func value(_ x: Double, _ table: UnsafeBufferPointer<Double>) -> Double {
    if x < Double(tableSize) {
      let i = Int(x)
      if Double(i) == x { return table[i] }
    }
    return x * log2(x)
  }

  /// numpy's `spacing(1)`, which PyRadiomics adds inside every logarithm.
  static let epsilon = 0x1p-52

  /// Entropy -Σ p log2(p + ε) of p = weights / total, from Σ w log2 w of the weights that are not zero.
  ///
  /// log2(p + ε) = log2(p) + ε / (p ln 2) to second order, so the ε adds ε / ln 2 for each weight that is not zero.
  /// For a single weight it is -log2(1 + ε), without the rounding of log2(total).
  @inline(__always)
  static func entropy(sumXLog2X: Double, total: Double, nonZero: Int) -> Double {
    nonZero == 1
      ? -log2(1 + epsilon)
      : -(sumXLog2X / total - log2(total)) - Double(nonZero) * epsilon / 0.6931471805599453
  }
}
