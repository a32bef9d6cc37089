/// A column of the label table that is neither the case's name nor its label: age, sex, stage.
///
/// It describes the cohort (baseline tables, subgroups) and does not enter the radiomic pipeline.
package struct ClinicalColumn: Sendable, Equatable {
  package enum Values: Sendable, Equatable {
    /// Every cell that is not empty is a number; NaN where it is empty.
    case numbers([Double])
    /// Texts as in the table; nil where the cell is empty.
    case categories([String?])
  }

  package let name: String
  /// One per case, in the order of the cohort.
  package let values: Values

  package init(name: String, values: Values) {
    self.name = name
    self.values = values
  }

  /// From the cells of a table: numbers where every non-empty cell is one, and at least one is.
  init(name: String, texts: [String], number: (String) -> Double?) {
    self.name = name
    let numbers = texts.map(number)
    if numbers.allSatisfy({ $0.map { !$0.isInfinite } ?? false }), numbers.contains(where: { $0?.isNaN == false }) {
      values = .numbers(numbers.map { $0 ?? .nan })
    } else {
      values = .categories(texts.map { $0.isEmpty ? nil : $0 })
    }
  }

  package var missing: Int {
    switch values {
    case .numbers(let numbers): numbers.count { $0.isNaN }
    case .categories(let texts): texts.count { $0 == nil }
    }
  }

  /// The cases with the given indices, in that order.
  package func rows(_ indices: [Int]) -> ClinicalColumn {
    switch values {
    case .numbers(let numbers): ClinicalColumn(name: name, values: .numbers(indices.map { numbers[$0] }))
    case .categories(let texts): ClinicalColumn(name: name, values: .categories(indices.map { texts[$0] }))
    }
  }
}
