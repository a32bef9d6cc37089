internal import Errors
internal import Hashing

/// A frozen model, verified and immutable, as `predict` runs it.
///
/// A bundle is a folder; `docs/model.md` describes its files. Loading it reads every file once, checks its hash, its
/// numbers and shapes, and recomputes the self-test; the loaded content is the checked content.
package struct ModelBundle: Sendable {
  package let manifest: BundleManifest
  /// SHA-256 of `bundle.json`'s bytes: the bundle's identity in every result.
  package let id: String
  /// nil where the bundle has no `cohort.json`: the distance of a case from the training cases is then unknown.
  package let cohort: Cohort?
  /// `evaluation.json` as in the bundle; nil where there is none.
  package let evaluation: [UInt8]?
  /// The signer of `bundle.json`; nil where there is no signature or no key to check it with.
  package let signature: SignatureFile.Verified?
  /// Whether there is a signature, checked or not.
  package let isSigned: Bool
  /// The PyRadiomics parameter file for extracting the features, as in the bundle.
  package let profile: [UInt8]
  /// The model card, in Markdown.
  package let card: String
  /// Largest difference between a self-test probability and its recomputation.
  package let selfTestDifference: Double
  /// The self-test's cases: synthetic.
  let selfTestRows: [[Double]]
  package let pipeline: PipelineArithmetic

  /// Reads and verifies the bundle in a folder, or in one file (`BundleArchive`).
  ///
  /// - Parameter trust: whose signatures are accepted, and whether one is required.
  /// - Throws: a `StudyError` with a code `E_MODEL_…` (exit status 78) that states which file is wrong and why.
  package init(contentsOf path: String, trust: SignatureTrust = SignatureTrust()) throws {
    if BundleArchive.isFile(path) {
      try self.init(reading: BundleArchive(contentsOf: path), trust: trust)
    } else {
      try self.init(reading: BundleFolder(path: path), trust: trust)
    }
  }

  /// Verifies a bundle whose files are in memory.
  package init(files: [String: [UInt8]], path: String, trust: SignatureTrust = SignatureTrust()) throws {
    try self.init(reading: BundleArchive(files: files, path: path), trust: trust)
  }

  /// The text of a bundle's profile, not verified: sufficient for an estimate.
  package static func profile(at path: String) throws -> [UInt8] {
    let limit = BundleManifest.requiredFiles["profile.yaml"] ?? 1 << 20
    if BundleArchive.isFile(path) { return try BundleArchive(contentsOf: path).read("profile.yaml", limit: limit) }
    return try BundleFolder(path: path).read("profile.yaml", limit: limit)
  }

  private init<Source: BundleSource & ~Copyable>(reading folder: consuming Source, trust: SignatureTrust) throws {
    let manifestBytes = try folder.read(BundleManifest.fileName, limit: BundleManifest.sizeLimit)
    let manifest = try decodeBundleJSON(BundleManifest.self, from: manifestBytes, file: BundleManifest.fileName)
    try manifest.check()
    let signed = try folder.entries(limit: BundleManifest.fileLimit + 2).contains(SignatureFile.name)
    isSigned = signed
    signature = try trust.check(
      signed ? try folder.read(SignatureFile.name, limit: SignatureFile.sizeLimit) : nil, of: manifestBytes)
    let files = try Self.verifiedFiles(of: manifest, in: folder)

    let tensors = try SafeTensors(files["weights.safetensors"]!, file: "weights.safetensors").tensors
    pipeline = try PipelineArithmetic(
      steps: manifest.steps, featureCount: manifest.features.count,
      weights: WeightStore(tensors, file: "weights.safetensors"), file: "weights.safetensors")
    cohort = try files["cohort.json"].map { try decodeBundleJSON(Cohort.self, from: $0, file: "cohort.json") }
    try cohort?.check(
      featureCount: manifest.features.count, hasComponents: pipeline.pca?.explainedVariance != nil)
    evaluation = files["evaluation.json"]
    if let evaluation {
      // Only that it is an object; its content is read when it is shown. Each job loads a bundle.
      _ = try decodeBundleJSON([String: Unread].self, from: evaluation, file: "evaluation.json")
    }
    let selfTest = try decodeBundleJSON(SelfTest.self, from: files["selftest.json"]!, file: "selftest.json")
    selfTestDifference = try selfTest.check(pipeline)
    selfTestRows = selfTest.rows.map(\.features)

    self.manifest = manifest
    id = Hashing.sha256(manifestBytes)
    profile = files["profile.yaml"]!
    card = String(decoding: files["card.md"]!, as: UTF8.self)
  }

  /// The bytes of each required file; every listed file is hashed, and unlisted files are refused.
  private static func verifiedFiles<Source: BundleSource & ~Copyable>(
    of manifest: BundleManifest, in folder: borrowing Source
  ) throws -> [String: [UInt8]] {
    for name in try folder.entries(limit: BundleManifest.fileLimit + 2)
    where !BundleManifest.unlistedFiles.contains(name) && manifest.files[name] == nil {
      throw StudyError(
        .modelFiles, "the bundle holds \(name), which bundle.json does not list", file: "\(folder.path)/\(name)",
        hint: restoreHint)
    }
    var kept: [String: [UInt8]] = [:]
    for (name, file) in manifest.files.sorted(by: { $0.key < $1.key }) {
      let required = BundleManifest.requiredFiles[name] ?? BundleManifest.optionalFiles[name]
      let bytes = try folder.read(name, limit: required ?? BundleManifest.otherFileLimit)
      let actual = Hashing.sha256(bytes)
      guard bytes.count == file.bytes, actual == file.sha256 else {
        throw StudyError(
          .modelHash,
          "\(name) has \(bytes.count) bytes and SHA-256 \(actual); bundle.json says \(file.bytes) and \(file.sha256)",
          file: "\(folder.path)/\(name)", hint: restoreHint)
      }
      if required != nil { kept[name] = bytes }
    }
    return kept
  }

  /// Refuses features that were extracted with a profile other than the model's.
  ///
  /// - Parameter sha256: of the bytes of the parameter file used.
  /// - Throws: `modelProfile`.
  package func requireProfile(sha256: String) throws {
    guard sha256 == manifest.profile.sha256 else {
      throw StudyError(
        .modelProfile,
        "model \(manifest.name) \(manifest.version) was trained with profile \(manifest.profile.name)"
          + " (SHA-256 \(manifest.profile.sha256)), but the features come from SHA-256 \(sha256)",
        hint: "extract with the profile.yaml of the bundle")
    }
  }
}

/// A JSON value that is not interpreted.
private struct Unread: Decodable {
  init(from decoder: any Decoder) {}
}
