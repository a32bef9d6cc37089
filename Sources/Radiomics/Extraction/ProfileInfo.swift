internal import Hashing

/// Columns that state which program and which settings made the features.
enum ProfileInfo {
  static func columns(_ profile: ExtractionProfile) -> [Diagnostic] {
    [
      Diagnostic(name: "diagnostics_Versions_radiomicsd", value: .text(EngineVersion.current)),
      Diagnostic(name: "diagnostics_Configuration_Profile", value: .text(profile.name)),
      Diagnostic(name: "diagnostics_Configuration_ProfileSHA256", value: .text(sha256(profile.text))),
      Diagnostic(
        name: "diagnostics_Configuration_EnabledImageTypes",
        value: .text(profile.imageTypes.map(\.type.rawValue).joined(separator: " "))),
    ]
  }
}

/// The version of the extraction engine: it changes whenever a feature may change.
package enum EngineVersion {
  package static let current = "0.1.0"
}
