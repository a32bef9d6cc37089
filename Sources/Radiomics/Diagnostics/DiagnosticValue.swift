/// The value of a `diagnostics_…` column.
package enum DiagnosticValue: Sendable, Equatable {
  case number(Double)
  case integer(Int)
  /// A tuple of numbers: a spacing, a position.
  case numbers([Double])
  /// A tuple of whole numbers: a size, a bounding box.
  case integers([Int])
  case text(String)

  /// As one number: a tuple by its Euclidean norm; nil for text.
  package var scalar: Double? {
    switch self {
    case .number(let value): value
    case .integer(let value): Double(value)
    case .numbers(let values): values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    case .integers(let values): values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    case .text: nil
    }
  }
}

/// A column that states what was measured and how.
package struct Diagnostic: Sendable, Equatable {
  /// `diagnostics_…`, by PyRadiomics' name.
  package let name: String
  package let value: DiagnosticValue
}
