internal import Errors
internal import FoundationEssentials
internal import Hashing

extension ExtractionProfile {
  /// The profile of a study where neither configuration nor model names one.
  package static let defaultName = "jiao2024"

  /// Names of the built-in profiles.
  package static let builtInNames = BuiltInProfiles.texts.keys.sorted()

  /// SHA-256 of the parameter file's bytes, which ties a model to its profile.
  package var sha256: String { Hashing.sha256(text) }

  /// A built-in profile by its name, or a PyRadiomics parameter file by its path.
  ///
  /// - Throws: `E_PROFILE`, exit 78: also where the file cannot be read.
  package static func named(_ name: String) throws -> ExtractionProfile {
    if let text = BuiltInProfiles.texts[name] { return try ExtractionProfile(parsing: text, name: name) }
    guard let data = try? Data(contentsOf: URL(filePath: name)) else {
      throw StudyError(
        .profile, "there is no built-in profile and no readable file of this name", file: name,
        hint: "name one of \(builtInNames.joined(separator: ", ")), or a PyRadiomics parameter file")
    }
    return try ExtractionProfile(bytes: Array(data), name: name)
  }

  /// A parameter file's bytes, as a model bundle holds them.
  ///
  /// - Parameter name: the file's path; the profile's name is the last component without the extension.
  /// - Throws: `E_PROFILE`.
  package init(bytes: [UInt8], name: String) throws {
    guard let text = PlainText.decode(bytes) else {
      throw StudyError(.profile, "the profile is not UTF-8 text", file: name, hint: "save it as UTF-8")
    }
    var title = name.split(separator: "/").last.map(String.init) ?? name
    for ending in [".yaml", ".yml", ".json"] where title.hasSuffix(ending) { title.removeLast(ending.count) }
    // A copy of a built-in profile is that profile.
    let builtIn = BuiltInProfiles.texts.first { $0.value == text }?.key
    try self.init(parsing: text, name: builtIn ?? title, file: name)
  }
}
