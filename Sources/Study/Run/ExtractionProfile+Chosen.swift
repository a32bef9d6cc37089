internal import Model
package import Radiomics

extension ExtractionProfile {
  /// The one rule of what is extracted: the profile that is asked for, else the model's, else the default.
  ///
  /// - Throws: `E_PROFILE`; `E_MODEL_PROFILE` where the one that is asked for is not the model's.
  static func chosen(_ name: String?, for bundle: ModelBundle?) throws -> ExtractionProfile {
    guard let bundle else { return try named(name ?? defaultName) }
    guard let name else { return try ExtractionProfile(bytes: bundle.profile, name: bundle.manifest.profile.name) }
    let profile = try named(name)
    try bundle.requireProfile(sha256: profile.sha256)
    return profile
  }

  /// The same before a model is verified, for an estimate; nil where there is an error, which the job reports.
  package static func expected(_ name: String?, model path: String?) -> ExtractionProfile? {
    guard name == nil, let path else { return try? named(name ?? defaultName) }
    guard let text = try? ModelBundle.profile(at: path) else { return nil }
    return try? ExtractionProfile(bytes: text, name: "of the model")
  }
}
