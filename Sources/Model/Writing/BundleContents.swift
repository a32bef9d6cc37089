package import Errors
internal import FoundationEssentials
internal import Glibc
internal import Hashing

extension ErrorCode {
  /// The destination of a bundle already exists.
  package static let bundleExists = ErrorCode("E_BUNDLE_EXISTS", .usage)
}

/// A bundle under construction, made by freezing, importing and tests. The same contents give the same bytes.
package struct BundleContents: Sendable {
  /// `featuresSHA256`, `profile.sha256` and `files` are filled in.
  package var manifest: BundleManifest
  /// In the order in which they are written.
  package var tensors: [Tensor]
  /// The PyRadiomics parameter file.
  package var profile: [UInt8]
  package var selfTest: SelfTest
  package var cohort: Cohort?
  /// Markdown.
  package var card: String
  /// Further files by name, for example `evaluation.json`.
  package var others: [String: [UInt8]]

  package init(
    manifest: BundleManifest, tensors: [Tensor], profile: [UInt8], selfTest: SelfTest, cohort: Cohort?, card: String,
    others: [String: [UInt8]] = [:]
  ) {
    self.manifest = manifest
    self.tensors = tensors
    self.profile = profile
    self.selfTest = selfTest
    self.cohort = cohort
    self.card = card
    self.others = others
  }

  /// Every file of the bundle by name, including `bundle.json`.
  package func files() throws -> [String: [UInt8]] {
    var files = others
    files["weights.safetensors"] = SafeTensors.encode(tensors)
    files["profile.yaml"] = profile
    files["selftest.json"] = try Self.json(selfTest)
    files["cohort.json"] = try cohort.map { try Self.json($0) }
    files["card.md"] = Array(card.utf8)
    var manifest = manifest
    manifest.featuresSHA256 = sha256(manifest.features.joined(separator: "\n"))
    manifest.profile.sha256 = sha256(profile)
    manifest.files = files.mapValues { BundleManifest.File(sha256: sha256($0), bytes: $0.count) }
    files[BundleManifest.fileName] = try Self.json(manifest)
    return files
  }

  /// Verifies the bundle as loading does, and writes it into a new folder: complete or not at all.
  ///
  /// - Returns: the bundle.
  /// - Throws: `bundleExists`, `io`, and the errors of loading.
  @discardableResult
  package func write(to path: String) throws -> ModelBundle {
    let files = try files()
    let bundle = try ModelBundle(files: files, path: path)
    try BundleWriter.write(files, to: path)
    return bundle
  }

  static func json(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
  }
}
