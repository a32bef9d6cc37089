internal import Glibc

/// p · log2(p + ε) for p = count / total, as PyRadiomics writes every entropy, from a table where count and total are
/// small whole numbers, as nearly all are in a kernel.
struct LogarithmTable: Sendable {
  static let largest = 600
  private let largest: Int
  private let values: [Double]

  /// - Parameter total: the largest total that can occur.
  init(total: Int) {
    largest = min(total, Self.largest)
    var values = [Double](repeating: 0, count: (largest + 1) * (largest + 1))
    for total in stride(from: 1, through: largest, by: 1) {
      for count in 1...total { values[total * (largest + 1) + count] = Self.direct(Double(count) / Double(total)) }
    }
    self.values = values
  }

  /// The row of a total for `value`; nil where the table does not reach it.
  @inline(__always)
  func row(_ total: Double) -> Int? {
    total <= Double(largest) && total == total.rounded(.down) ? Int(total) * (largest + 1) : nil
  }

  @inline(__always)
  func value(_ count: Double, of total: Double, row: Int?) -> Double {
    guard let row else { return Self.direct(count / total) }
    return values.withUnsafeBufferPointer { $0[row &+ Int(count)] }
  }

  @inline(__always)
  static func direct(_ p: Double) -> Double { p * log2(p + XLog2X.epsilon) }
}
