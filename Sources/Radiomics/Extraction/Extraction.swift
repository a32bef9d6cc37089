/// One feature's name and value.
package struct Feature: Sendable, Equatable {
  /// `<image type>_<class>_<feature>`, by PyRadiomics' names.
  package let name: String
  /// NaN where it is not defined.
  package let value: Double
}

/// The result of an extraction.
package struct Extraction: Sendable {
  /// In PyRadiomics' order.
  package let features: [Feature]
  /// In PyRadiomics' order; empty where the profile switches `additionalInfo` off.
  package let diagnostics: [Diagnostic]
}
