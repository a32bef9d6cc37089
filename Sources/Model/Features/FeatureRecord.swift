internal import Documents
internal import Errors

/// One case of a feature table: where it comes from, and its cells by column name.
public struct FeatureRecord: Sendable, Equatable {
  /// Row in the file, the header being row 1; nil where the file is a single JSON object.
  public let row: Int?
  let cells: [String: FeatureCell]
  let file: String?

  /// The study's name where the table has a column for it (`study`, or the first of PyRadiomics' batch columns).
  public var study: String? {
    for name in ["study", "Study", "ID", "Patient", "Image"] {
      if case .text(let text) = cells[name] { return text.withoutFormulaGuard }
      if case .number(let number) = cells[name] {
        return number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
      }
    }
    return nil
  }

  /// How the case was scanned, as far as the table has columns for it (`AcquisitionFacts.Column`).
  public var acquisition: AcquisitionFacts {
    var facts = AcquisitionFacts()
    for column in AcquisitionFacts.Column.allCases {
      guard let cell = cells[column.rawValue] else { continue }
      facts[column] = if case .text(let text) = cell { .text(text.withoutFormulaGuard) } else { cell }
    }
    return facts
  }

  /// The numbers that stand under the given names; a name without a column is left out, an empty cell is NaN.
  ///
  /// - Throws: `featureTable` naming row and column where a cell holds something else than a number.
  public func numbers(for names: [String]) throws -> [String: Double] {
    var out: [String: Double] = [:]
    for name in names {
      guard let cell = cells[name] else { continue }
      guard let number = cell.number else {
        let place = row.map { "row \($0), column \(name)" } ?? name
        throw StudyError(
          .featureTable, "\(place) of the table holds \(Self.excerpt(cell)), which is not a number", file: file,
          hint: "write numbers with a decimal point; leave a missing value empty")
      }
      out[name] = number
    }
    return out
  }

  private static func excerpt(_ cell: FeatureCell) -> String {
    guard case .text(let text) = cell else { return "a structure" }
    return text.count > 40 ? "\"\(text.prefix(40))…\"" : "\"\(text)\""
  }
}

extension String {
  /// Without the apostrophe that keeps a spreadsheet from running the cell as a formula.
  public var withoutFormulaGuard: String {
    guard first == "'", let second = dropFirst().unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(second) else {
      return self
    }
    return String(dropFirst())
  }
}
