import ArgumentParser
import Documents
import Errors
import Imaging
import Radiomics
import Research
import Study

/// `radiomicsd ibsi`: the Image Biomarker Standardisation Initiative's phantoms.
struct IBSICommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ibsi",
    abstract: "Compute IBSI's phantoms and compare with the consensus values.",
    discussion: """
      Computes the features that PyRadiomics and IBSI-1 both define and prints each with IBSI's consensus value and \
      tolerance. Without options: the digital phantom, which is built in, with grey levels as they are. With --image and \
      --mask, IBSI's CT phantom (not shipped: github.com/theibsi/data_sets, ibsi_1_ct_radiomics_phantom), prepared by \
      configurations C, D and E by IBSI's rules: its grid, rounded intensities, re-segmentation, discretisation, directions \
      averaged and merged.

      Ends with 70 where a feature differs without a known reason.
      """)

  @Option(help: "The CT phantom's image (.nii, .nii.gz, .nrrd).")
  var image: String?

  @Option(help: "The CT phantom's mask.")
  var mask: String?

  @Option(help: "Configurations of the CT phantom, of C, D and E.")
  var configurations = "C,D,E"

  @Option(help: "Number of threads (default: one per processor).")
  var threads: Int?

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    try ThreadCount.validate(threads)
    guard (image == nil) == (mask == nil) else { throw ValidationError("--image and --mask must be given together") }
    _ = try wanted()
  }

  func run() throws {
    var comparisons: [IBSIComparison] = []
    if let image, let mask {
      let volume = try ExtractionInput.read(image)
      let placed = try placeMask(
        labelVolume: try ExtractionInput.read(mask), choice: .single, on: volume.geometry, file: mask)
      for configuration in try wanted() {
        comparisons.append(
          try IBSIComparison(
            configuration, image: volume, mask: placed.mask, threads: ThreadCount.resolve(threads)))
      }
    } else {
      comparisons.append(try IBSIComparison())
    }
    if json {
      try Output.write(
        JSONValue.array(comparisons.flatMap { comparison in comparison.rows.map { value($0, comparison.phantom) } })
          .fileBytes(), to: nil)
    } else {
      let text = comparisons.map(text).joined(separator: "\n")
      try Output.write(Array(text.utf8), to: nil)
    }
    if comparisons.contains(where: { $0.count(.differs) > 0 }) { throw ExitCode(70) }
  }

  private func wanted() throws -> [IBSIComparison.Configuration] {
    let names = configurations.split { $0 == "," || $0 == " " }.map { $0.uppercased() }
    let known = names.compactMap { IBSIComparison.Configuration(rawValue: $0) }
    guard !names.isEmpty, known.count == names.count else {
      throw ValidationError("--configurations takes some of C, D and E, for example C,D")
    }
    return known
  }

  private func value(_ row: IBSIComparison.Row, _ phantom: String) -> JSONValue {
    [
      "phantom": .string(phantom), "feature": .string(row.feature), "code": .string(row.code),
      "tag": .string(row.tag), "value": .number(row.value), "consensus": JSONValue(Double(row.consensus)),
      "tolerance": .number(row.tolerance), "agreement": .string(row.agreement.rawValue),
      "reason": JSONValue(row.reason),
    ]
  }

  private func text(_ comparison: IBSIComparison) -> String {
    var lines = [comparison.phantom, "IBSI   value         consensus  tolerance  feature"]
    for row in comparison.rows {
      let verdict =
        switch row.agreement {
        case .agrees: ""
        case .definedOtherwise: "  (\(row.reason ?? ""))"
        case .differs: "  DIFFERS"
        }
      lines.append(
        pad(row.code, 7) + pad(short(row.value), 14) + pad(row.consensus, 11) + pad(short(row.tolerance), 11)
          + row.feature + (row.tag.hasSuffix("_comb") ? " (merged)" : "") + verdict)
    }
    lines.append(
      "\(comparison.count(.agrees)) of \(comparison.rows.count) agree, \(comparison.count(.definedOtherwise)) are "
        + "defined otherwise by PyRadiomics, \(comparison.count(.differs)) differ")
    return lines.joined(separator: "\n") + "\n"
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  /// Single precision is sufficient for three digits.
  private func short(_ value: Double) -> String { Float(value).description }
}
