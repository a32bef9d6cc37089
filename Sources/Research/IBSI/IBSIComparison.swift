internal import Errors
public import Imaging
internal import Radiomics

/// Features as this program computes them on one of IBSI's phantoms, beside the consensus values.
public struct IBSIComparison: Sendable {
  /// How the CT phantom is prepared (IBSI-1 reference manual, table 5.1).
  public enum Configuration: String, Sendable, CaseIterable {
    case c = "C"
    case d = "D"
    case e = "E"
  }

  public enum Agreement: String, Sendable {
    case agrees
    /// Defined otherwise by PyRadiomics, for the reason that is given; converted to IBSI's definition it agrees.
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

  /// `digital phantom`, or `CT phantom, configuration C`.
  public let phantom: String
  public let rows: [Row]

  /// The digital phantom, by PyRadiomics' own way with bins of width 1.
  ///
  /// - Throws: a `StudyError` where the phantom cannot be computed, which would be a fault.
  public init() throws {
    let profile = try ExtractionProfile(parsing: Self.profile, name: "ibsi-digital-phantom")
    let extraction = try Extractor(profile: profile, threads: 1).extract(
      image: DigitalPhantom.image, mask: DigitalPhantom.mask)
    let values = Dictionary(extraction.features.map { ($0.name, $0.value) }) { first, _ in first }
    phantom = "digital phantom"
    let voxels = Double(DigitalPhantom.mask.voxels.count { $0 != 0 })
    rows = IBSIReference.digitalPhantom.map {
      Self.row($0, values["original_" + $0.feature] ?? .nan, voxels: voxels)
    }
  }

  /// The CT phantom, prepared and discretised as IBSI has it.
  ///
  /// - Parameters:
  ///   - image, mask: the phantom's.
  /// - Throws: what `IBSIExtraction` throws.
  public init(_ configuration: Configuration, image: Volume, mask: Mask, threads: Int) throws {
    let settings: IBSISettings =
      switch configuration {
      case .c: .configurationC
      case .d: .configurationD
      case .e: .configurationE
      }
    let extraction = try IBSIExtraction(image: image, mask: mask, settings: settings, threads: threads)
    phantom = "CT phantom, configuration \(configuration.rawValue)"
    let voxels = Double(extraction.morphologicalVoxels)
    rows = IBSIReference.ctPhantom(configuration).map { reference in
      let values = reference.tag.hasSuffix("_comb") ? extraction.merged : extraction.averaged
      return Self.row(reference, values[reference.feature] ?? .nan, voxels: voxels)
    }
  }

  public func count(_ agreement: Agreement) -> Int { rows.count { $0.agreement == agreement } }

  private static func row(_ reference: IBSIReference, _ value: Double, voxels: Double) -> Row {
    let agrees = reference.agrees(value)
    let deviation = agrees ? nil : IBSIDeviation.known[reference.feature]
    let known = deviation.map { reference.agrees($0.converted(value, voxels)) } ?? false
    return Row(
      feature: "original_" + reference.feature, code: reference.code, tag: reference.tag, value: value,
      consensus: reference.printed, tolerance: reference.tolerance,
      agreement: agrees ? .agrees : known ? .definedOtherwise : .differs, reason: known ? deviation?.reason : nil)
  }

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
