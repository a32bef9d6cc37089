internal import Documents
package import Errors

/// One case of a feature table: its row, and its cells by column name.
package struct FeatureRecord: Sendable, Equatable {
  /// Row in the file, the header being row 1; nil where the file is a single JSON object.
  package let row: Int?
  let cells: [String: FeatureCell]
  let file: String?

  /// The case's name exactly as in its cell (`CaseColumn`), never converted to a number; nil where there is none.
  package let study: String?
  /// SHA-256 of the profile with which the case was measured, where the table states it.
  let profile: String?

  /// The column of `profile`.
  package static let profileColumn = "profile_sha256"

  /// How the case was scanned, as far as the table has columns for it (`AcquisitionFacts.Column`).
  package var acquisition: AcquisitionFacts {
    var facts = AcquisitionFacts()
    for column in AcquisitionFacts.Column.allCases {
      guard let cell = cells[column.rawValue] else { continue }
      facts[column] = if case .text(let text) = cell { .text(text.withoutFormulaGuard) } else { cell }
    }
    return facts
  }

  /// The numbers in the columns of the given names; a name without a column is left out, an empty cell is NaN.
  ///
  /// - Throws: `featureTable` naming row and column where a cell is not a number.
  package func numbers(for names: [String]) throws -> [String: Double] {
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

  /// Refuses a case that was measured with a profile other than the model's.
  ///
  /// - Throws: `code`, naming the row and both profiles.
  package func requireProfile(_ profile: String, code: ErrorCode) throws {
    try Self.requireProfile(
      profile, found: self.profile ?? "", place: row.map { "row \($0)" } ?? "the case", code: code, file: file,
      hint: "extract or export the features with the model's profile")
  }

  /// The same for a cell; an empty cell is accepted.
  package static func requireProfile(
    _ profile: String, found: String, place: String, code: ErrorCode, file: String?, hint: String
  ) throws {
    guard !found.isEmpty, found != profile else { return }
    throw StudyError(
      code,
      "\(place) was measured with the profile \(found.prefix(12)), the model is of profile \(profile.prefix(12))",
      file: file, hint: hint)
  }

  /// The name of a case in a cell's text: without surrounding blanks and a spreadsheet's guard; nil where nothing is
  /// left.
  static func name(_ text: String?) -> String? {
    let name = (text ?? "").trimmingASCIISpaces
    return name.isEmpty ? nil : String(name).withoutFormulaGuard
  }

  private static func excerpt(_ cell: FeatureCell) -> String {
    guard case .text(let text) = cell else { return "a structure" }
    return text.count > 40 ? "\"\(text.prefix(40))…\"" : "\"\(text)\""
  }
}

extension String {
  /// Without the apostrophe that keeps a spreadsheet from running the cell as a formula.
  package var withoutFormulaGuard: String {
    guard first == "'", let second = dropFirst().unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(second) else {
      return self
    }
    return String(dropFirst())
  }
}
