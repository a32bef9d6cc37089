internal import Errors

/// The steps before the classifier, fitted on some rows. They do not use labels, so candidates that differ only after
/// them share one fit.
struct Preprocessing: Sendable {
  /// The settings that must be equal for two specifications to share it.
  struct Key: Hashable, Sendable {
    var imputation: PipelineSpecification.Imputation?
    var standardise: Bool
    var hasComponents: Bool

    init(_ specification: PipelineSpecification) {
      imputation = specification.imputation
      standardise = specification.standardise
      hasComponents = specification.components != nil
    }
  }

  let imputed: [Double]?
  let scaler: ScalerFit?
  let pca: PrincipalComponentFit?
  /// The training rows after scaling: rows x columns.
  let training: [Double]
  let rowCount: Int
  let columns: Int

  /// - Throws: `trainMissing` naming row and column.
  init(_ key: Key, _ matrix: FeatureMatrix, rows: [Int]) throws {
    columns = matrix.columnCount
    rowCount = rows.count
    var x = matrix.rows(rows).values
    if let imputation = key.imputation {
      imputed = try Self.impute(&x, matrix.names, imputation)
    } else {
      imputed = nil
      if let bad = x.firstIndex(where: { !$0.isFinite }) {
        throw StudyError(
          .trainMissing,
          "feature \(matrix.names[bad % columns]) is missing in row \(rows[bad / columns]) of the training cases",
          hint: "complete the table, leave the case or the feature out, or turn on impute")
      }
    }
    if key.standardise {
      let fit = ScalerFit(x, rows: rows.count, columns: columns)
      fit.transform(&x)
      if let bad = x.firstIndex(where: { !$0.isFinite }) {
        throw StudyError(
          .trainDiverged,
          "feature \(matrix.names[bad % columns]) is too large to be standardised: its variance is not a finite number",
          hint: "look at its numbers in the table, or leave the feature out")
      }
      scaler = fit
    } else {
      scaler = nil
    }
    pca = key.hasComponents ? PrincipalComponentFit(x, rows: rows.count, columns: columns) : nil
    training = x
  }

  /// The number of components that a specification keeps.
  ///
  /// - Throws: `trainComponents`.
  func componentCount(_ components: PipelineSpecification.Components?) throws -> Int {
    guard let components, let pca else { return 0 }
    switch components {
    case .share(let share): return max(1, pca.count(explaining: share))
    case .count(let count):
      guard count <= pca.rank else {
        throw StudyError(
          .trainComponents,
          "\(count) principal components are asked for, but \(rowCount) training cases have \(pca.rank) at most",
          hint: "ask for fewer; cross-validation trains on fewer cases than there are")
      }
      return count
    }
  }

  private static func impute(
    _ x: inout [Double], _ names: [String], _ imputation: PipelineSpecification.Imputation
  ) throws -> [Double] {
    let columns = names.count
    var values = [Double](repeating: 0, count: columns)
    for j in 0..<columns {
      var present = stride(from: j, to: x.count, by: columns).map { x[$0] }.filter(\.isFinite)
      guard !present.isEmpty else {
        throw StudyError(
          .trainMissing, "feature \(names[j]) is missing in every training case", hint: "leave the feature out")
      }
      switch imputation {
      case .mean: values[j] = present.reduce(0, +) / Double(present.count)
      case .median:
        present.sort()
        let n = present.count
        values[j] = n % 2 == 1 ? present[n / 2] : (present[n / 2 - 1] + present[n / 2]) / 2
      }
      for i in stride(from: j, to: x.count, by: columns) where !x[i].isFinite { x[i] = values[j] }
    }
    return values
  }
}
