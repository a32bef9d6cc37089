/// One feature's name and value.
public struct Feature: Sendable, Equatable {
  /// `<image type>_<class>_<feature>`, by PyRadiomics' names.
  public let name: String
  /// NaN where it is not defined.
  public let value: Double
}

/// The result of an extraction.
public struct Extraction: Sendable {
  /// In PyRadiomics' order.
  public let features: [Feature]
  /// In PyRadiomics' order; empty where the profile switches `additionalInfo` off.
  public let diagnostics: [Diagnostic]
}
