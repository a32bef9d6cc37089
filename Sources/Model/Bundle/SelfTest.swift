internal import Errors

/// `selftest.json`: synthetic cases with the probabilities that the training software computed for them. Loading
/// recomputes all of them, so software that computes differently cannot serve the bundle.
package struct SelfTest: Sendable, Equatable, Codable {
  static let schema = "radiomicsd.selftest/1"
  /// Largest difference of a probability where the file states none.
  static let tolerance = 1e-9
  /// The widest tolerance that a file may request: weights that were once single precision.
  static let widestTolerance = 1e-6
  package static let fewestRows = 5

  package struct Row: Sendable, Equatable, Codable {
    /// In the order of the bundle's features.
    package var features: [Double]
    package var probability: Double
    /// Principal component scores, where the pipeline has that step.
    package var scores: [Double]?

    package init(features: [Double], probability: Double, scores: [Double]? = nil) {
      self.features = features
      self.probability = probability
      self.scores = scores
    }
  }

  package var schema: String
  package var rows: [Row]
  /// Largest difference of a probability; nil is 1e-9.
  package var tolerance: Double?

  package init(rows: [Row], tolerance: Double? = nil) {
    schema = Self.schema
    self.rows = rows
    self.tolerance = tolerance
  }

  /// - Returns: the largest difference of a probability.
  /// - Throws: `modelSelfTest` naming the first row that differs.
  func check(_ pipeline: PipelineArithmetic) throws -> Double {
    guard schema == Self.schema, rows.count >= Self.fewestRows else {
      throw StudyError(
        .modelSchema,
        "selftest.json has schema \(schema) and \(rows.count) rows; \(Self.schema) and at least"
          + " \(Self.fewestRows) rows are due", file: "selftest.json", hint: restoreHint)
    }
    let limit = tolerance ?? Self.tolerance
    guard limit > 0, limit <= Self.widestTolerance else {
      throw StudyError(
        .modelSchema, "selftest.json has the tolerance \(limit); at most \(Self.widestTolerance) is allowed",
        file: "selftest.json", hint: restoreHint)
    }
    var largest = 0.0
    for (index, row) in rows.enumerated() {
      guard row.features.count == pipeline.featureCount, row.features.allSatisfy(\.isFinite) else {
        throw StudyError(
          .modelShape,
          "row \(index) of the self-test has \(row.features.count) features; the model takes"
            + " \(pipeline.featureCount)", file: "selftest.json", hint: restoreHint)
      }
      let trace = pipeline.run(row.features)
      let difference = abs(trace.probability - row.probability)
      guard difference <= limit else {
        throw StudyError(
          .modelSelfTest,
          "row \(index) of the self-test gives the probability \(trace.probability), but \(row.probability) is recorded",
          file: "selftest.json", hint: "the weights, or the software that wrote them, are not what they claim")
      }
      try check(scores: trace.scores, against: row.scores, row: index)
      largest = max(largest, difference)
    }
    return largest
  }

  private func check(scores: [Double]?, against expected: [Double]?, row: Int) throws {
    guard let expected else { return }
    guard let scores, scores.count == expected.count,
      zip(scores, expected).allSatisfy({ abs($0 - $1) <= Self.tolerance * max(1, abs($1)) })
    else {
      throw StudyError(
        .modelSelfTest, "row \(row) of the self-test gives other principal component scores than recorded",
        file: "selftest.json", hint: "the weights, or the software that wrote them, are not what they claim")
    }
  }
}
