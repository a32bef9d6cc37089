internal import Errors
internal import Hashing

extension BundleManifest {
  /// Maximum number of features of a bundle.
  package static let featureLimit = 100_000
  /// Maximum number of files of a bundle.
  static let fileLimit = 64
  /// The files that every bundle has besides `bundle.json`, with the maximum bytes of each.
  static let requiredFiles: [String: Int] = [
    "weights.safetensors": 256 << 20, "profile.yaml": 1 << 20, "selftest.json": 64 << 20, "card.md": 1 << 20,
  ]
  /// Optional files of a bundle that are read, with the maximum bytes of each.
  static let optionalFiles: [String: Int] = ["cohort.json": 64 << 20, "evaluation.json": 64 << 20]
  /// Files that no manifest can list, because they are made from it.
  static let unlistedFiles: Set<String> = [fileName, SignatureFile.name]
  /// Maximum bytes of `bundle.json` itself.
  static let sizeLimit = 16 << 20
  /// Maximum bytes of any other file that the manifest lists.
  static let otherFileLimit = 64 << 20

  /// Checks that need no other file: schema, features, decision and names.
  func check() throws {
    guard schema == Self.schema else {
      throw fault(
        "its schema is \(schema); this version reads \(Self.schema)", hint: "use the radiomicsd that wrote it")
    }
    guard task == "binary-classification", classes.count == 2, classes[0] != classes[1], positiveClass == classes[1]
    else { throw fault("task, classes and positive_class must describe two classes, the positive one last") }
    guard missingValues == (steps.first?.op == "impute" ? "impute" : "refuse") else {
      throw fault("missing_values is \(missingValues); it must be impute where the first step is, else refuse")
    }
    guard decision.threshold > 0, decision.threshold < 1 else {
      throw fault("the decision threshold \(decision.threshold) is not between 0 and 1")
    }
    guard Self.isName(name) else {
      throw fault("its name must be 1 to 64 letters, digits, '.', '_' or '-', a letter or digit first")
    }
    guard Self.isVersion(version) else { throw fault("its version must be three numbers, such as 1.2.0 or 1.2.0-rc1") }
    if let zone = decision.indeterminate {
      guard zone.count == 2, zone[0] >= 0, zone[0] <= decision.threshold, zone[1] >= decision.threshold, zone[1] <= 1
      else { throw fault("the indeterminate zone must be two probabilities with the threshold between them") }
    }
    try checkFeatures()
    try checkFiles()
  }

  /// Whether a bundle may have this name: it becomes a part of file names and of lines in reports.
  package static func isName(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count) && text.utf8.first.map(isAlphanumeric) == true
      && text.utf8.allSatisfy { isAlphanumeric($0) || ".-_".utf8.contains($0) } && !text.contains("..")
  }

  /// Three numbers separated by points, and optionally a suffix after `-` or `+`.
  package static func isVersion(_ text: String) -> Bool {
    let core = text.prefix { $0 != "-" && $0 != "+" }
    let numbers = core.split(separator: ".", omittingEmptySubsequences: false)
    let suffix = text.dropFirst(core.count)
    return text.utf8.count <= 64 && numbers.count == 3
      && numbers.allSatisfy { (1...9).contains($0.utf8.count) && $0.utf8.allSatisfy { (48...57).contains($0) } }
      && (suffix.isEmpty || suffix.utf8.count > 1)
      && suffix.utf8.allSatisfy { isAlphanumeric($0) || ".-+".utf8.contains($0) } && !text.contains("..")
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }

  private func checkFeatures() throws {
    guard (1...Self.featureLimit).contains(features.count) else {
      throw fault("it lists \(features.count) features; 1 to \(Self.featureLimit) are due")
    }
    var seen: Set<String> = []
    for name in features {
      guard !name.isEmpty, seen.insert(name).inserted else {
        throw fault("feature \(name.isEmpty ? "without a name" : name) is listed twice or empty")
      }
    }
    let actual = Hashing.sha256(features.joined(separator: "\n"))
    guard actual == featuresSHA256 else {
      throw fault("the feature names have SHA-256 \(actual), but features_sha256 says \(featuresSHA256)")
    }
  }

  private func checkFiles() throws {
    guard files.count <= Self.fileLimit else { throw fault("it lists more than \(Self.fileLimit) files") }
    for (name, file) in files.sorted(by: { $0.key < $1.key }) {
      guard BundleFolder.isPlainName(name), !Self.unlistedFiles.contains(name) else {
        throw StudyError(
          .modelFiles, "bundle.json lists \(name), which is not the name of a file beside it", file: Self.fileName,
          hint: restoreHint)
      }
      guard file.bytes >= 0 else { throw fault("it gives \(name) \(file.bytes) bytes") }
    }
    for name in Self.requiredFiles.keys.sorted() where files[name] == nil {
      throw StudyError(
        .modelFiles, "bundle.json does not list \(name)", file: Self.fileName, hint: restoreHint)
    }
    guard profile.file == "profile.yaml", profile.sha256 == files["profile.yaml"]?.sha256 else {
      throw fault("profile must name profile.yaml with the hash that files gives it")
    }
  }

  private func fault(_ message: String, hint: String = restoreHint) -> StudyError {
    StudyError(.modelSchema, "bundle.json cannot be used: \(message)", file: Self.fileName, hint: hint)
  }
}
