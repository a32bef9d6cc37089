package import Statistics

/// A baseline table: each clinical variable in two groups of cases, with a test of their difference.
package struct BaselineTable: Sendable {
  package enum Test: Sendable, Equatable {
    case wilcoxon(exact: Bool)
    case fisher(resamples: Int?)
    case chiSquared(yates: Bool)

    /// As the table's column prints it.
    package var name: String {
      switch self {
      case .wilcoxon(let exact): exact ? "Wilcoxon, exact" : "Wilcoxon"
      case .fisher(let resamples): resamples.map { "Fisher, Monte Carlo \($0)" } ?? "Fisher, exact"
      case .chiSquared(let yates): yates ? "χ², Yates" : "χ²"
      }
    }
  }

  package struct Row: Sendable {
    package var variable: String
    /// Empty for numbers.
    package var level: String
    /// `median (lower to upper quartile)`, or `n (%)`, one per group.
    package var groups: [String]
    /// The variable's test; on its first row only.
    package var test: Test?
    package var pValue: Estimate<Double>?
    /// Smallest expected count, on the first row of categories.
    package var smallestExpected: Double?
    /// For a variable with two levels, on its first row: the odds of this level in the first group over those in the
    /// second; conditional estimate with its exact interval.
    package var odds: FisherExact?
  }

  package let title: String
  package let groupNames: [String]
  package let groupSizes: [Int]
  package let rows: [Row]

  /// Distinct numbers up to which a numeric column is taken for a code, such as 0 and 1.
  static let codeLimit = 2
  static let levelLimit = 40

  init(
    title: String, names: [String], groups: [[Int]], variables: [ClinicalVariable], seed: UInt64, yates: Bool = false
  ) {
    self.title = title
    groupNames = names
    groupSizes = groups.map(\.count)
    rows = variables.flatMap { Self.rows(of: $0, groups: groups, seed: seed, yates: yates) }
  }

  private static func rows(
    of variable: ClinicalVariable, groups: [[Int]], seed: UInt64, yates: Bool
  ) -> [Row] {
    switch variable.values {
    case .numbers(let numbers):
      let distinct = Set(numbers.filter(\.isFinite))
      guard distinct.count > codeLimit else {
        let texts = numbers.map { $0.isFinite ? Text.number($0) : nil }
        return categories(variable.name, texts, groups, seed, yates)
      }
      return [numeric(variable.name, numbers, groups)]
    case .categories(let texts): return categories(variable.name, texts, groups, seed, yates)
    }
  }

  private static func numeric(_ name: String, _ numbers: [Double], _ groups: [[Int]]) -> Row {
    let samples = groups.map { $0.map { numbers[$0] }.filter(\.isFinite) }
    let cells = zip(samples, groups).map { sample, group -> String in
      guard !sample.isEmpty else { return "–" }
      let (q1, q2, q3) = (quantile(sample, 0.25), quantile(sample, 0.5), quantile(sample, 0.75))
      return "\(Text.number(q2)) (\(Text.number(q1)) to \(Text.number(q3)))" + missing(group.count - sample.count)
    }
    let test = Estimate.of { () throws(NotEstimable) in try WilcoxonRankSum(samples[0], samples[1]) }
    return Row(
      variable: name, level: "", groups: cells, test: .wilcoxon(exact: test.value?.isExact ?? false),
      pValue: test.map(\.pValue))
  }

  private static func missing(_ count: Int) -> String { count > 0 ? "; \(count) missing" : "" }

  private static func categories(
    _ name: String, _ texts: [String?], _ groups: [[Int]], _ seed: UInt64, _ yates: Bool
  ) -> [Row] {
    let levels = Set(groups.joined().compactMap { texts[$0] }).sorted()
    guard !levels.isEmpty, levels.count <= levelLimit else {
      let reason = levels.isEmpty ? "no value is known" : "\(levels.count) different texts are not categories"
      return [
        Row(
          variable: name, level: "", groups: groups.map { _ in "–" }, pValue: .failure(NotEstimable(reason)))
      ]
    }
    let table = groups.map { group in levels.map { level in group.count { texts[$0] == level } } }
    let known = table.map { $0.reduce(0, +) }
    let (test, p, expected) = association(table, seed, yates)
    var rows = levels.enumerated().map { index, level in
      Row(
        variable: name, level: level,
        groups: table.indices.map { g in
          let share = known[g] > 0 ? " (\(Text.percent(Double(table[g][index]) / Double(known[g]), digits: 1)))" : ""
          return "\(table[g][index])\(share)"
        })
    }
    (rows[0].test, rows[0].pValue, rows[0].smallestExpected) = (test, p, expected)
    if levels.count == 2, table.count == 2 {
      rows[0].odds = Estimate.of { () throws(NotEstimable) in try FisherExact(table) }.value
    }
    let absent = zip(groups, known).map { $0.count - $1 }
    if absent.contains(where: { $0 > 0 }) {
      rows.append(Row(variable: name, level: "missing", groups: absent.map(String.init)))
    }
    return rows
  }

  /// Chi-squared where every expected count is 5 or more, otherwise Fisher's exact test: gtsummary's choice.
  private static func association(
    _ table: [[Int]], _ seed: UInt64, _ yates: Bool
  ) -> (Test?, Estimate<Double>, Double?) {
    let chi = Estimate.of { () throws(NotEstimable) in try PearsonChiSquared(table, yates: yates) }
    guard let value = chi.value else { return (nil, chi.map(\.pValue), nil) }
    if value.smallestExpected >= 5 {
      return (.chiSquared(yates: value.isCorrected), .success(value.pValue), value.smallestExpected)
    }
    let fisher = Estimate.of { () throws(NotEstimable) in try FisherExactTable(table, seed: seed) }
    return (.fisher(resamples: fisher.value?.resamples), fisher.map(\.pValue), value.smallestExpected)
  }
}

extension BaselineTable {
  /// The tests of the table, as a paper's footnote names them; empty where there are none.
  package var footnote: String {
    var names: [String] = []
    for test in rows.compactMap(\.test) where !names.contains(test.fullName) { names.append(test.fullName) }
    return names.joined(separator: "; ")
  }
}

extension BaselineTable.Test {
  fileprivate var fullName: String {
    switch self {
    case .wilcoxon(let exact): "Wilcoxon rank-sum test" + (exact ? ", exact" : "")
    case .fisher(let resamples):
      "Fisher's exact test (an expected count is below 5)" + (resamples.map { ", Monte Carlo, \($0) tables" } ?? "")
    case .chiSquared(let yates): "Pearson's χ² test " + (yates ? "with" : "without") + " Yates' continuity correction"
    }
  }
}

extension BaselineTable {
  /// Table 1: training against test cases. Table 2: positive against negative cases, in each of the two. Only tables
  /// for which there are cases.
  static func all(_ study: ExperimentResults) -> [BaselineTable] {
    let (n, m) = (study.developmentLabels.count, study.testLabels.count)
    let variables = study.clinical.filter { $0.count == n + m }
    guard !variables.isEmpty else { return [] }
    let labels = study.developmentLabels + study.testLabels
    let coded = ClinicalVariable(
      name: "Class", values: .categories(labels.map { study.classes[$0 ? 1 : 0] }))
    var tables: [BaselineTable] = []
    if n > 0, m > 0 {
      tables.append(
        BaselineTable(
          title: "Table 1. Training and test cases", names: ["Training", "Test"],
          groups: [Array(0..<n), Array(n..<(n + m))], variables: [coded] + variables, seed: study.seed,
          yates: study.yates))
    }
    for (name, range) in [("training", 0..<n), (study.isExternal ? "external" : "test", n..<(n + m))]
    where !range.isEmpty {
      tables.append(
        BaselineTable(
          title: n > 0 && m > 0
            ? "Table 2, \(name) cases. \(study.classes[1]) and \(study.classes[0])"
            : "Table 1, \(name) cases. \(study.classes[1]) and \(study.classes[0])",
          names: [study.classes[1], study.classes[0]],
          groups: [range.filter { labels[$0] }, range.filter { !labels[$0] }], variables: variables, seed: study.seed,
          yates: study.yates))
    }
    return tables
  }
}
