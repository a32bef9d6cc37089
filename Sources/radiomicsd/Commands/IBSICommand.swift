import ArgumentParser
import Report
import Study

/// `radiomicsd ibsi`: the Image Biomarker Standardisation Initiative's digital phantom.
struct IBSICommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ibsi",
    abstract: "Compute IBSI's digital phantom and compare with the consensus values.",
    discussion: """
      Computes the features that PyRadiomics and IBSI-1 both define, with grey levels as they are, and prints each beside \
      IBSI's consensus value and tolerance. Ends with 70 where a feature differs without a known reason.
      """)

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let comparison = try IBSIComparison()
    if json {
      let rows = comparison.rows.map { row -> JSONValue in
        [
          "feature": .string(row.feature), "code": .string(row.code), "tag": .string(row.tag),
          "value": .number(row.value), "consensus": JSONValue(Double(row.consensus)),
          "tolerance": .number(row.tolerance), "agreement": .string(row.agreement.rawValue),
          "reason": JSONValue(row.reason),
        ]
      }
      try Output.write(JSONValue.array(rows).fileBytes(), to: nil)
    } else {
      var lines = ["IBSI   value         consensus  tolerance  feature"]
      for row in comparison.rows {
        let verdict =
          switch row.agreement {
          case .agrees: ""
          case .definedOtherwise: "  (\(row.reason ?? ""))"
          case .differs: "  DIFFERS"
          }
        lines.append(
          pad(row.code, 7) + pad(short(row.value), 14) + pad(row.consensus, 11) + pad(short(row.tolerance), 11)
            + row.feature + verdict)
      }
      lines.append(
        "\(comparison.count(.agrees)) of \(comparison.rows.count) agree, \(comparison.count(.definedOtherwise)) are "
          + "defined otherwise by PyRadiomics, \(comparison.count(.differs)) differ")
      try Output.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: nil)
    }
    if comparison.count(.differs) > 0 { throw ExitCode(70) }
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  /// Six significant digits are enough beside three.
  private func short(_ value: Double) -> String { String(Float(value).description.prefix(12)) }
}
