package import Documents
internal import Errors

extension DriftReport {
  package var json: JSONValue {
    [
      "cases": .integer(cases), "cohortCases": .integer(cohortCases),
      "comparisons": .array(
        comparisons.map {
          [
            "name": .string($0.name), "psi": JSONValue($0.stability), "psiByChance": .number($0.stabilityByChance),
            "ks": JSONValue($0.distance), "p": JSONValue($0.pValue), "notEstimable": JSONValue($0.reason),
          ]
        }),
      "flagged": .integer(flagged), "meanOutsideRange": .number(meanOutsideRange),
      "oftenOutside": .array(
        oftenOutside.map { ["feature": .string($0.feature), "cases": .integer($0.cases)] }),
      "remarks": JSONValue(remarks), "notice": .string(Notice.researchUse),
    ]
  }

  /// A few lines for a terminal.
  package var text: String {
    func number(_ value: Double?) -> String {
      guard let value else { return "-" }
      return value.magnitude < 1e9 ? "\((value * 1e4).rounded() / 1e4)" : "\(value)"
    }
    var lines = ["\(cases) cases beside a cohort of \(cohortCases)"]
    if !comparisons.isEmpty {
      lines.append("quantity      PSI      by chance  KS       p")
      for item in comparisons {
        let cells = [
          item.name.padded(12), number(item.stability).padded(7), number(item.stabilityByChance).padded(9),
          number(item.distance).padded(7), number(item.pValue),
        ]
        lines.append(cells.joined(separator: "  ") + (item.reason.map { "  (\($0))" } ?? ""))
      }
    }
    lines.append("beyond the 99 % limit of T² or residual: \(flagged) of \(cases); 1 in 100 is due")
    lines.append("features outside their training range: \(number(meanOutsideRange)) a case")
    for item in oftenOutside { lines.append("  \(item.feature.escapedForLine): \(item.cases) cases") }
    lines += remarks.map { "note: \($0)" }
    lines.append(Notice.researchUse)
    return lines.joined(separator: "\n")
  }
}

extension String {
  fileprivate func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
