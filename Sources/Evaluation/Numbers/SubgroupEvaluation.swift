package import Statistics

/// The first model's discrimination within one level of a clinical variable.
package struct SubgroupEvaluation: Sendable {
  package let variable: String
  /// The category, or the half of a number's range.
  package let level: String
  package let count: Int
  package let positives: Int
  package let auc: Estimate<Double>
  package let interval: Estimate<Interval>

  /// Maximum number of levels of a variable; a variable with more is left out.
  static let levelLimit = 6

  /// - Parameters:
  ///   - offset: of the set's first case in the clinical columns.
  static func all(_ clinical: [ClinicalVariable], labels: [Bool], probabilities: [Double], offset: Int)
    -> [SubgroupEvaluation]
  {
    clinical.flatMap { variable -> [SubgroupEvaluation] in
      guard variable.count >= offset + labels.count else { return [] }
      let range = offset..<(offset + labels.count)
      var members: [(level: String, cases: [Int])] = []
      switch variable.values {
      case .categories(let texts):
        let levels = Set(texts[range].compactMap { $0 }).sorted()
        guard (2...levelLimit).contains(levels.count) else { return [] }
        members = levels.map { level in (level, labels.indices.filter { texts[offset + $0] == level }) }
      case .numbers(let numbers):
        let known = numbers[range].filter(\.isFinite)
        let distinct = Set(known).sorted()
        guard distinct.count > 1 else { return [] }
        if distinct.count <= BaselineTable.codeLimit {
          members = distinct.map { level in
            (Text.number(level), labels.indices.filter { numbers[offset + $0] == level })
          }
          break
        }
        let middle = quantile(Array(known), 0.5)
        let text = Text.number(middle)
        members = [
          ("below \(text)", labels.indices.filter { numbers[offset + $0] < middle }),
          ("\(text) or above", labels.indices.filter { numbers[offset + $0] >= middle }),
        ].filter { !$0.cases.isEmpty }
      }
      return members.map { level, cases in
        SubgroupEvaluation(variable.name, level, cases.map { labels[$0] }, cases.map { probabilities[$0] })
      }
    }
  }

  private init(_ variable: String, _ level: String, _ labels: [Bool], _ probabilities: [Double]) {
    self.variable = variable
    self.level = level
    count = labels.count
    positives = labels.count { $0 }
    auc = .of { () throws(NotEstimable) in try BinaryScores(labels: labels, scores: probabilities).auc }
    interval = .of { () throws(NotEstimable) in
      try DeLong(BinaryScores(labels: labels, scores: probabilities)).interval()
    }
  }
}
