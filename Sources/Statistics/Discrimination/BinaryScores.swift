/// Scores of cases of two classes, from which every measure of discrimination is computed.
package struct BinaryScores: Sendable, Equatable {
  /// Whether each case is positive.
  package let labels: [Bool]
  /// Larger means more positive; finite, one per case.
  package let scores: [Double]
  /// Scores of the positive and of the negative cases, in the order of the cases.
  package let positives: [Double]
  package let negatives: [Double]

  /// - Throws: `NotEstimable` where there is no case, a score is not finite, or a class is absent.
  package init(labels: [Bool], scores: [Double]) throws(NotEstimable) {
    precondition(labels.count == scores.count, "one score a label")
    guard !labels.isEmpty else { throw NotEstimable("there are no cases") }
    guard scores.allSatisfy(\.isFinite) else { throw NotEstimable("a score is missing") }
    self.labels = labels
    self.scores = scores
    positives = zip(labels, scores).filter(\.0).map(\.1)
    negatives = zip(labels, scores).filter { !$0.0 }.map(\.1)
    guard !positives.isEmpty else { throw NotEstimable("there are no positive cases") }
    guard !negatives.isEmpty else { throw NotEstimable("there are no negative cases") }
  }

  package var count: Int { labels.count }
  package var prevalence: Double { Double(positives.count) / Double(count) }

  /// The area under the ROC curve: the proportion of pairs of a positive and a negative case in which the positive one
  /// has the larger score, ties counting one half (Mann and Whitney).
  package var auc: Double {
    let ranks = midranks(positives + negatives)
    let (m, n) = (Double(positives.count), Double(negatives.count))
    return (ranks[..<positives.count].reduce(0, +) - m * (m + 1) / 2) / (m * n)
  }
}
