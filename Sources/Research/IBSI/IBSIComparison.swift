internal import Errors
package import Imaging
internal import Radiomics

/// This program's features of one of IBSI's phantoms, compared with the consensus values.
package struct IBSIComparison: Sendable {
  /// How the CT phantom is prepared (IBSI-1 reference manual, table 5.1).
  package enum Configuration: String, Sendable, CaseIterable {
    case c = "C"
    case d = "D"
    case e = "E"
  }

  package enum Agreement: String, Sendable {
    case agrees
    /// PyRadiomics' definition differs, for the given reason; converted to IBSI's definition the value agrees.
    case definedOtherwise
    case differs
  }

  package struct Row: Sendable {
    /// PyRadiomics' name.
    package let feature: String
    package let code: String
    package let tag: String
    package let value: Double
    /// The consensus value as printed.
    package let consensus: String
    package let tolerance: Double
    package let agreement: Agreement
    package let reason: String?
  }

  /// `digital phantom`, or `CT phantom, configuration C`.
  package let phantom: String
  package let rows: [Row]

  /// The digital phantom, by PyRadiomics' own way with bins of width 1.
  ///
  /// - Throws: a `StudyError` where the phantom cannot be computed, which would be an internal error.
  package init() throws {
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

  /// The CT phantom, prepared and discretised by IBSI's rules.
  ///
  /// - Parameters:
  ///   - image, mask: the phantom's.
  /// - Throws: the errors of `IBSIExtraction`.
  package init(_ configuration: Configuration, image: Volume, mask: Mask, threads: Int) throws {
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

  package func count(_ agreement: Agreement) -> Int { rows.count { $0.agreement == agreement } }

  private static func row(_ reference: IBSIReference, _ value: Double, voxels: Double) -> Row {
    let agrees = reference.agrees(value)
    let deviation = agrees ? nil : IBSIDeviation.known[reference.feature]
    let known = deviation.map { reference.agrees($0.converted(value, voxels)) } ?? false
    return Row(
      feature: "original_" + reference.feature, code: reference.code, tag: reference.tag, value: value,
      consensus: reference.printed, tolerance: reference.tolerance,
      agreement: agrees ? .agrees : known ? .definedOtherwise : .differs, reason: known ? deviation?.reason : nil)
  }

  /// Grey levels are the values themselves, and every feature that must be named is named.
  private static var profile: String {
    let classes = FeatureClass.allCases.filter { $0 != .shape2D }.map { featureClass in
      "  \(featureClass.rawValue): [\((featureClass.names + featureClass.namesByRequest).joined(separator: ", "))]\n"
    }
    return "setting:\n  binWidth: 1\nfeatureClass:\n" + classes.joined()
  }
}

/// IBSI's codes for PyRadiomics' features.
package enum IBSICode {
  /// The code of `<image type>_<class>_<feature>`, nil where IBSI has no such feature.
  package static func of(_ name: String) -> String? {
    let parts = name.split(separator: "_")
    guard parts.count >= 3 else { return nil }
    return IBSIReference.codes[parts.suffix(2).joined(separator: "_")]
  }
}
