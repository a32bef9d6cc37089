internal import Errors
internal import Foundation
internal import Statistics

/// A feature that reveals the label by itself, as no feature of an image does.
package struct LabelLeak: Sendable, Equatable {
  package let feature: String
  /// The evidence, as the end of a sentence: `is the label itself`.
  package let reason: String

  /// A sentence for notes, the model card and the report.
  package var description: String { "the feature \(feature) \(reason), and was allowed by name (allow_label_like)" }

  /// Features that chance cannot have made so similar to the label (in any one of the columns, one time in a thousand):
  ///
  /// - two values that are the classes, in six cases or more;
  /// - a few values that predict the class in 95 % of the cases, whatever their names (codes, scores);
  /// - numbers that separate the classes, or enclose one of them, or have an AUC of 0.99 or more, or correlate with the
  ///   label by 0.95 or more, in either direction.
  package static func all(_ features: FeatureMatrix, _ labels: [Bool]) -> [LabelLeak] {
    let positives = labels.count { $0 }
    guard positives > 0, positives < labels.count, labels.count >= 6 else { return [] }
    return features.names.indices.compactMap { column in
      reason(features.column(column), labels, columns: features.columnCount).map {
        LabelLeak(feature: features.names[column], reason: $0)
      }
    }
  }

  private static func reason(_ values: [Double], _ labels: [Bool], columns: Int) -> String? {
    let known = values.indices.filter { !values[$0].isNaN }
    let n = known.count
    let positives = known.count { labels[$0] }
    guard n >= 6, positives > 0, positives < n else { return nil }
    let groups = Dictionary(grouping: known, by: { values[$0] })
    guard groups.count > 1 else { return nil }
    let right = groups.values.reduce(0) { sum, rows in
      let yes = rows.count { labels[$0] }
      return sum + max(yes, rows.count - yes)
    }
    if groups.count == 2, right == n { return "is the label itself: one value for each class" }
    // ln of the number of ways to choose the positive cases among all.
    let ways = lgamma(Double(n) + 1) - lgamma(Double(positives) + 1) - lgamma(Double(n - positives) + 1)
    let budget = ways - log(Double(max(columns, 1))) - log(1000)
    if groups.count <= 10, groups.count * 4 <= n, right * 20 >= n * 19,
      budget > log(Double(n)) * Double(n - right + 1) + log(2) * Double(groups.count)
    {
      return "has \(groups.count) values that tell the class of \(right) of \(n) cases"
    }
    // Runs of one class along the sorted values. A value that both classes have separates and encloses nothing.
    var runs = 0
    var isMixed = false
    var last: Bool?
    for value in groups.keys.sorted() {
      let rows = groups[value] ?? []
      let yes = rows.count { labels[$0] }
      isMixed = isMixed || (yes > 0 && yes < rows.count)
      if last != (yes > 0) { runs += 1 }
      last = yes > 0
    }
    if !isMixed, runs <= 3, budget > log(Double(n)) {
      return runs == 2
        ? "separates the classes in all \(n) cases (an AUC of 1 by itself)"
        : "encloses one class in all \(n) cases"
    }
    let truth = known.map { labels[$0] }
    let scores = known.map { values[$0] }
    if let auc = try? BinaryScores(labels: truth, scores: scores).auc, max(auc, 1 - auc) >= 0.99,
      budget > log(Double(n)) * 4
    {
      return "has an AUC of \(fixed(max(auc, 1 - auc))) by itself"
    }
    let r = correlation(scores, truth)
    if abs(r) >= 0.95, budget > log(Double(n)) * 4 { return "correlates with the label by \(fixed(r))" }
    return nil
  }

  private static func correlation(_ values: [Double], _ labels: [Bool]) -> Double {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let share = Double(labels.count { $0 }) / n
    var (both, own, other) = (0.0, 0.0, 0.0)
    for (value, label) in zip(values, labels) {
      let (x, y) = (value - mean, (label ? 1 : 0) - share)
      both += x * y
      own += x * x
      other += y * y
    }
    return own > 0 && other > 0 ? both / (own * other).squareRoot() : 0
  }

  private static func fixed(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
}

extension LabelledCohort {
  /// Refuses features that reveal the label, except those that the user has allowed by name.
  ///
  /// - Returns: the allowed ones.
  /// - Throws: `E_TRAIN_LEAK` naming them.
  package func requireNoLeak(allowed: Set<String>) throws -> [LabelLeak] {
    let found = LabelLeak.all(features, labels)
    let refused = found.filter { !allowed.contains($0.feature) }
    guard let first = refused.first else { return found }
    let names = refused.prefix(10).map(\.feature).joined(separator: ", ")
    throw StudyError(
      .trainLeak,
      "the feature \(first.feature) \(first.reason)"
        + (refused.count > 1 ? "; \(refused.count) features tell the label: \(names)" : ""),
      hint:
        "leave it out (--schema, --stable-features); if it is a measurement and not the label, name it in train.yaml: "
        + "allow_label_like: [\(names)]")
  }
}
