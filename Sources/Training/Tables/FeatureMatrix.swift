/// A table of numbers: one row per case, one named column per feature; float64, row-major.
///
/// A missing value is NaN. Infinite values do not occur.
package struct FeatureMatrix: Sendable, Equatable {
  /// Names of the columns, each once.
  package let names: [String]
  package let rowCount: Int
  /// `rowCount` x `names.count`, features fastest.
  package let values: [Double]

  /// - Precondition: `values` has `rowCount` x `names.count` numbers.
  package init(names: [String], rowCount: Int, values: [Double]) {
    precondition(values.count == rowCount * names.count, "a matrix has rows x columns numbers")
    self.names = names
    self.rowCount = rowCount
    self.values = values
  }

  package var columnCount: Int { names.count }

  package subscript(row: Int, column: Int) -> Double { values[row * columnCount + column] }

  /// One case, in the order of `names`.
  package func row(_ index: Int) -> [Double] {
    Array(values[(index * columnCount)..<((index + 1) * columnCount)])
  }

  /// One feature of every case.
  package func column(_ index: Int) -> [Double] { (0..<rowCount).map { self[$0, index] } }

  /// The cases with the given indices, in that order.
  package func rows(_ indices: [Int]) -> FeatureMatrix {
    var out: [Double] = []
    out.reserveCapacity(indices.count * columnCount)
    for index in indices { out += values[(index * columnCount)..<((index + 1) * columnCount)] }
    return FeatureMatrix(names: names, rowCount: indices.count, values: out)
  }

  /// The columns with the given indices, in that order.
  package func columns(_ indices: [Int]) -> FeatureMatrix {
    var out: [Double] = []
    out.reserveCapacity(indices.count * rowCount)
    for row in 0..<rowCount {
      for column in indices { out.append(values[row * columnCount + column]) }
    }
    return FeatureMatrix(names: indices.map { names[$0] }, rowCount: rowCount, values: out)
  }
}
