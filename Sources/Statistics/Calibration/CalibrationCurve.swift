/// Observed proportions against predicted probabilities, in bins of about equal numbers of cases.
package struct CalibrationCurve: Sendable, Equatable {
  package struct Bin: Sendable, Equatable {
    package var meanProbability: Double
    package var observed: Proportion
  }

  package let bins: [Bin]

  /// - Parameter bins: maximum; a bin has at least five cases where there are that many. Equal probabilities stay
  ///   together.
  /// - Throws: `NotEstimable` where there are no cases.
  package init(labels: [Bool], probabilities: [Double], bins: Int = 5) throws(NotEstimable) {
    precondition(labels.count == probabilities.count, "one probability a label")
    guard !labels.isEmpty else { throw NotEstimable("there are no cases") }
    let order = probabilities.indices.sorted {
      probabilities[$0] == probabilities[$1] ? $0 < $1 : probabilities[$0] < probabilities[$1]
    }
    let wanted = max(1, min(bins, labels.count / 5))
    var result: [Bin] = []
    var first = 0
    for bin in 0..<wanted {
      var end = max(first, (bin + 1) * order.count / wanted)
      while end > 0, end < order.count, probabilities[order[end]] == probabilities[order[end - 1]] { end += 1 }
      guard end > first else { continue }
      let members = order[first..<end]
      result.append(
        Bin(
          meanProbability: members.reduce(0) { $0 + probabilities[$1] } / Double(members.count),
          observed: try Proportion(members.count { labels[$0] }, of: members.count)))
      first = end
    }
    self.bins = result
  }
}
