internal import Errors
internal import Radiomics

/// The features of IBSI's digital phantom as this program computes them, beside the consensus values.
public struct IBSIComparison: Sendable {
  public enum Agreement: String, Sendable {
    case agrees
    /// Defined otherwise by PyRadiomics, for the reason that is given.
    case definedOtherwise
    case differs
  }

  public struct Row: Sendable {
    /// PyRadiomics' name.
    public let feature: String
    public let code: String
    public let tag: String
    public let value: Double
    /// The consensus value as it is printed.
    public let consensus: String
    public let tolerance: Double
    public let agreement: Agreement
    public let reason: String?
  }

  public let rows: [Row]

  /// - Throws: a `StudyError` where the phantom cannot be computed, which would be a fault.
  public init() throws {
    let profile = try ExtractionProfile(parsing: Self.profile, name: "ibsi-digital-phantom")
    let extraction = try Extractor(profile: profile, threads: 1).extract(
      image: DigitalPhantom.image, mask: DigitalPhantom.mask)
    let values = Dictionary(extraction.features.map { ($0.name, $0.value) }) { first, _ in first }
    rows = IBSIReference.digitalPhantom.map { reference in
      let name = "original_" + reference.feature
      let value = values[name] ?? .nan
      // Consensus values are printed to three digits.
      let agrees = abs(value - reference.value) <= reference.tolerance + reference.halfDigit * (1 + 1e-9)
      let reason = Self.reasons[reference.feature]
      return Row(
        feature: name, code: reference.code, tag: reference.tag, value: value, consensus: reference.printed,
        tolerance: reference.tolerance,
        agreement: agrees ? .agrees : reason == nil ? .differs : .definedOtherwise, reason: agrees ? nil : reason)
    }
  }

  public func count(_ agreement: Agreement) -> Int { rows.count { $0.agreement == agreement } }

  /// Where PyRadiomics' definition is known not to be IBSI's.
  private static let reasons = [
    "firstorder_Kurtosis": "PyRadiomics does not subtract 3",
    "shape_MinorAxisLength": "PyRadiomics divides the covariance by N, the benchmark by N - 1",
    "shape_LeastAxisLength": "PyRadiomics divides the covariance by N, the benchmark by N - 1",
    "shape_MajorAxisLength": "PyRadiomics divides the covariance by N, the benchmark by N - 1",
  ]

  /// Grey levels are the values themselves, and every feature that has to be named is.
  private static var profile: String {
    let classes = FeatureClass.allCases.filter { $0 != .shape2D }.map { featureClass in
      "  \(featureClass.rawValue): [\((featureClass.names + featureClass.namesByRequest).joined(separator: ", "))]\n"
    }
    return "setting:\n  binWidth: 1\nfeatureClass:\n" + classes.joined()
  }
}

/// IBSI's codes for PyRadiomics' features.
public enum IBSICode {
  /// The code of `<image type>_<class>_<feature>`, nil where IBSI has no such feature.
  public static func of(_ name: String) -> String? {
    let parts = name.split(separator: "_")
    guard parts.count >= 3 else { return nil }
    return IBSIReference.codes[parts.suffix(2).joined(separator: "_")]
  }
}
