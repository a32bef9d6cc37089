internal import Errors
internal import Radiomics

/// The image types, feature classes and settings of an extraction, as in a PyRadiomics parameter file.
///
/// Keys that are not known are errors, never passed over. What each setting does, and its unit, stands in
/// `docs/profiles.md` of the repository.
public struct ExtractionSettings: Sendable {
  let profile: ExtractionProfile

  /// For CT urography in slices of 5 mm: 960 features of the original image and its wavelets.
  public static let jiao2024 = builtIn("jiao2024")
  /// For CT in voxels of 1 mm: 982 features of the original image, LoG and wavelets.
  public static let ctu982 = builtIn("ctu-982")
  /// What PyRadiomics computes without a parameter file: the original image, all classes.
  public static let pyradiomicsDefaults = builtIn("pyradiomics-defaults")

  /// Reads a PyRadiomics parameter file (YAML or JSON).
  ///
  /// - Throws: `E_PROFILE`, with the line, for a key or value that is not known; also where the file cannot be read.
  public init(contentsOf path: String) throws(RadiomicsError) {
    profile = try RadiomicsError.wrap { try ExtractionProfile(bytes: Self.bytes(of: path), name: path) }
  }

  /// Settings from the text of a PyRadiomics parameter file.
  ///
  /// - Parameter name: what ``name`` says, and messages call the text.
  /// - Throws: `E_PROFILE`.
  public init(parameters text: String, name: String = "parameters") throws(RadiomicsError) {
    profile = try RadiomicsError.wrap { try ExtractionProfile(bytes: Array(text.utf8), name: name) }
  }

  /// A built-in profile's name, or the file's name without its extension.
  public var name: String { profile.name }
  /// The parameter file's text.
  public var parameters: String { profile.text }
  /// SHA-256 of the text, in hexadecimal: what a model is tied to.
  public var sha256: String { profile.sha256 }

  private init(_ profile: ExtractionProfile) { self.profile = profile }

  private static func builtIn(_ name: String) -> ExtractionSettings {
    guard let profile = try? ExtractionProfile.named(name) else { preconditionFailure("\(name) is built in") }
    return ExtractionSettings(profile)
  }

  private static func bytes(of path: String) throws -> [UInt8] {
    let profile = try ExtractionProfile.named(path.contains("/") ? path : "./" + path)
    return Array(profile.text.utf8)
  }
}
