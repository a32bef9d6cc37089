internal import Errors
internal import Model

/// Clinical variables as columns of numbers for fitting. Missing values are NaN, which each fold fills
/// in.
package struct ClinicalPredictors: Sendable, Equatable {
  /// A variable that is not used, and why.
  package struct Omission: Sendable, Equatable {
    package var name: String
    package var reason: String
  }

  /// Variables that are used.
  package let names: [String]
  package let leftOut: [Omission]
  /// One row per case. A category has one column for each level except the first: 1, 0, or NaN where it is unknown.
  package let matrix: FeatureMatrix

  /// Maximum number of levels of a category that become columns.
  static let levelLimit = 6

  /// - Parameter wanted: names of the variables; nil uses all except those that describe the scan.
  /// - Throws: `E_TRAIN_CONFIG` where a wanted column is not in the tables.
  package init(_ cohort: LabelledCohort, wanted: [String]? = nil) throws {
    let columns: [ClinicalColumn]
    if let wanted {
      columns = try wanted.map { name in
        guard let column = cohort.clinical.first(where: { $0.name == name }) else {
          throw StudyError(
            .trainConfiguration, "clinical names the column \(name), which the tables do not have",
            hint: "columns: \(cohort.clinical.map(\.name).joined(separator: ", "))")
        }
        return column
      }
    } else {
      columns = cohort.clinical.filter { !AcquisitionFacts.columnNames.contains($0.name) }
    }
    var names: [String] = []
    var leftOut: [Omission] = []
    var encoded: [(name: String, values: [Double])] = []
    for column in columns {
      if let reason = Self.reason(against: column, cases: cohort.count) {
        leftOut.append(Omission(name: column.name, reason: reason))
      } else {
        names.append(column.name)
        encoded += Self.encode(column)
      }
    }
    self.names = names
    self.leftOut = leftOut
    matrix = FeatureMatrix(
      names: encoded.map(\.name), rowCount: cohort.count,
      values: (0..<cohort.count).flatMap { row in encoded.map { $0.values[row] } })
  }

  /// Why a column cannot be a predictor, nil where it can.
  private static func reason(against column: ClinicalColumn, cases: Int) -> String? {
    // A fold trains on most cases: with half of them known, no fold lacks the variable altogether.
    if 2 * column.missing > cases { return "known in \(cases - column.missing) of \(cases) cases" }
    switch column.values {
    case .numbers(let numbers):
      return Set(numbers.filter { !$0.isNaN }).count > 1 ? nil : "one value in all cases"
    case .categories(let texts):
      let levels = Set(texts.compactMap { $0 }).count
      if levels < 2 { return "one value in all cases" }
      return levels > levelLimit ? "\(levels) different texts, more than \(levelLimit)" : nil
    }
  }

  private static func encode(_ column: ClinicalColumn) -> [(name: String, values: [Double])] {
    switch column.values {
    case .numbers(let numbers): return [(column.name, numbers)]
    case .categories(let texts):
      return Set(texts.compactMap { $0 }).sorted().dropFirst().map { level in
        ("\(column.name)=\(level)", texts.map { $0.map { $0 == level ? 1 : 0 } ?? .nan })
      }
    }
  }
}
