package import Statistics

/// Two models on the same cases.
package struct ModelComparison: Sendable {
  package let first: String
  package let second: String
  /// `test` or `cross-validation, first repeat`.
  package let cases: String
  package let count: Int
  package let deLong: Estimate<PairedDeLong>
  /// Over the outer folds, with Nadeau and Bengio's variance; nil where folds do not match.
  package let folds: Estimate<CorrectedResampledT>?

  /// Every pair of some models, on the test cases and on the out-of-fold predictions.
  static func all(_ models: [ModelResults], of study: ExperimentResults) -> [ModelComparison] {
    var result: [ModelComparison] = []
    for (i, a) in models.enumerated() {
      for b in models[(i + 1)...] {
        if !study.testLabels.isEmpty, a.test.count == study.testLabels.count, b.test.count == study.testLabels.count {
          result.append(ModelComparison(a.name, b.name, "test", study.testLabels, a.test, b.test, nil))
        }
        if let x = a.outOfFold.first, let y = b.outOfFold.first {
          result.append(
            ModelComparison(
              a.name, b.name, "cross-validation, first repeat", study.developmentLabels, x, y,
              foldTest(a.folds, b.folds)))
        }
      }
    }
    return result
  }

  private init(
    _ first: String, _ second: String, _ cases: String, _ labels: [Bool], _ a: [Double], _ b: [Double],
    _ folds: Estimate<CorrectedResampledT>?
  ) {
    self.first = first
    self.second = second
    self.cases = cases
    self.folds = folds
    count = labels.count
    deLong = .of { () throws(NotEstimable) in
      try PairedDeLong(BinaryScores(labels: labels, scores: a), BinaryScores(labels: labels, scores: b))
    }
  }

  private static func foldTest(_ a: [FoldRecord], _ b: [FoldRecord]) -> Estimate<CorrectedResampledT>? {
    guard !a.isEmpty, a.count == b.count else { return nil }
    let pairs = zip(a, b).filter { $0.repetition == $1.repetition && $0.fold == $1.fold }
    guard pairs.count == a.count else { return nil }
    let differences = pairs.compactMap { x, y in x.auc.flatMap { x in y.auc.map { x - $0 } } }
    let n = Double(a.count)
    return .of { () throws(NotEstimable) in
      try CorrectedResampledT(
        differences: differences, testCases: a.reduce(0) { $0 + Double($1.testCases) } / n,
        trainingCases: a.reduce(0) { $0 + Double($1.trainingCases) } / n)
    }
  }

  /// Whether the paired test cannot distinguish the ranking from chance.
  package var isWithinNoise: Bool { deLong.value.map { $0.pValue > 0.05 } ?? true }
}
