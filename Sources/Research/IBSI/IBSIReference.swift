internal import Documents
internal import Glibc

/// A feature's consensus value on IBSI's digital phantom.
package struct IBSIReference: Sendable {
  /// `<class>_<feature>` by PyRadiomics' names.
  package let feature: String
  /// IBSI's code of the feature; empty where it has none.
  package let code: String
  /// IBSI's tag: family and feature.
  package let tag: String
  /// As printed, three significant digits at most.
  package let printed: String
  package let tolerance: Double

  var value: Double { Double(printed) ?? .nan }

  /// Whether a value is within the tolerance once it is printed as the consensus is.
  func agrees(_ computed: Double) -> Bool { abs(computed - value) <= tolerance + halfDigit * (1 + 1e-9) }

  /// Half a unit of the third digit: IBSI prints three, though zeros behind the point are left out in the tables.
  private var halfDigit: Double {
    let size = abs(value)
    guard size > 0 else { return 0 }
    return 0.5 * pow(10, log10(size).rounded(.down) - 2)
  }
}

extension IBSIReference {
  /// The features of IBSI-1 that PyRadiomics computes, aggregated as it does (averaged over the directions of space), and
  /// their consensus values on the digital phantom: `ibsi-digital-phantom.csv`.
  ///
  /// Values: Image Biomarker Standardisation Initiative, reference manual and digital phantom,
  /// https://ibsi.readthedocs.io (CC BY 4.0).
  package static let digitalPhantom: [IBSIReference] = rows(PackageResources.ibsi_digital_phantom_csv).map { row in
    IBSIReference(row, code: row["code"], value: "value", tolerance: "tolerance")
  }

  /// IBSI's code of `<class>_<feature>`.
  static let codes = Dictionary(
    digitalPhantom.filter { !$0.code.isEmpty }.map { ($0.feature, $0.code) }, uniquingKeysWith: { first, _ in first })

  /// Consensus values on IBSI's CT phantom, prepared by configurations C, D and E, of the features of `digitalPhantom`,
  /// and of GLCM and GLRLM with the directions merged (tags that end in `comb`): `ibsi-ct-phantom.csv`.
  ///
  /// Values: Image Biomarker Standardisation Initiative, reference manual, https://ibsi.readthedocs.io (CC BY 4.0).
  package static func ctPhantom(_ configuration: IBSIComparison.Configuration) -> [IBSIReference] {
    let column = configuration.rawValue
    return ctPhantomRows.map { row in
      IBSIReference(
        row, code: row["feature"].flatMap { codes[$0] }, value: column, tolerance: column + "_tolerance")
    }
  }

  private static let ctPhantomRows = rows(PackageResources.ibsi_ct_phantom_csv)

  /// The rows of a table that is built into the program.
  private static func rows(_ bytes: [UInt8]) -> [CSVTable.Row] {
    do {
      return try CSVTable(bytes: bytes).rows
    } catch {
      preconditionFailure("a built-in table of reference values is malformed: \(error)")
    }
  }

  private init(_ row: CSVTable.Row, code: String?, value: String, tolerance: String) {
    self.init(
      feature: row["feature"] ?? "", code: code ?? "", tag: row["tag"] ?? "", printed: row[value] ?? "",
      tolerance: row[tolerance].flatMap { Double($0) } ?? .nan)
  }
}
