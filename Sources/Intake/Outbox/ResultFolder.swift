internal import Documents
internal import Errors
package import Files
internal import Hashing
package import Jobs

extension ErrorCode {
  /// A worker ended well but its result does not agree with its manifest.
  static let resultInvalid = ErrorCode("E_RESULT_INVALID", .internal)
}

/// A worker's result that was read whole and agrees with its manifest.
package struct VerifiedResult: Sendable, Equatable {
  /// Names and SHA-256 of the files, without `manifest.json`.
  package var files: [String: String]
  package var manifestSHA256: String
  package var record: ResultRecord
  /// Answer of a shadow model: for the job's events, never published. Empty where there is none.
  package var shadow: [String: String] = [:]
}

/// Reads the result of a worker. The worker is not trusted: names are plain names, sizes are bounded, and every byte
/// is hashed. No image is parsed here.
package enum ResultFolder {
  /// Verifies a result of `job`.
  ///
  /// - Throws: `E_RESULT_INVALID` with the difference; `FileError`.
  package static func verify(_ folder: Path, job: JobID) throws -> VerifiedResult {
    let manifest = try readManifest(folder, job: job)
    var sums: [String: String] = [:]
    for (name, file) in manifest.files {
      let (digest, bytes) = try FileDigest.of(folder / name)
      guard digest == file.sha256, bytes == Int64(file.bytes) else {
        throw StudyError(.resultInvalid, "a file of the result is not what the manifest says", file: name)
      }
      sums[name] = digest
    }
    let manifestBytes = try FileDigest.contents(folder / ResultManifest.fileName, limit: 1 << 20)
    let manifestSHA256 = sha256(manifestBytes)
    var record = ResultRecord(manifestSHA256: manifestSHA256)
    if manifest.files[ResultDocument.fileName] != nil {
      try read(try FileDigest.contents(folder / ResultDocument.fileName, limit: 16 << 20), into: &record)
    }
    record.featuresSHA256 = sums["features.json"]
    record.facts.merge(AuditRecord.facts(in: folder)) { own, _ in own }
    return VerifiedResult(
      files: sums, manifestSHA256: manifestSHA256, record: record, shadow: ShadowRecord.details(in: folder))
  }

  /// The `error.json` of a worker, if it is valid: the code must have the form of a code, texts are cut.
  package static func readError(_ folder: Path) -> (error: JobError, needsReview: Bool)? {
    guard let bytes = try? FileDigest.contents(folder / ErrorDocument.fileName, limit: 1 << 20),
      let document = try? JSONDocument.decode(ErrorDocument.self, from: bytes)
    else { return nil }
    return document.error.checked.map { ($0, document.status == JobState.needsReview.rawValue) }
  }

  static func readManifest(_ folder: Path, job: JobID) throws -> ResultManifest {
    let bytes = try FileDigest.contents(folder / ResultManifest.fileName, limit: 1 << 20)
    guard let manifest = try? JSONDocument.decode(ResultManifest.self, from: bytes),
      manifest.schema == ResultManifest.schema, manifest.job == job.text, (1...1000).contains(manifest.files.count)
    else { throw StudyError(.resultInvalid, "the result's manifest is none, or another job's") }
    for name in manifest.files.keys {
      guard FileName(name) != nil, name.first != ".", FileName.display(Array(name.utf8)) == name,
        name != ResultManifest.fileName
      else {
        throw StudyError(.resultInvalid, "the result's manifest names a file as no file of ours is named")
      }
    }
    return manifest
  }

  private static func read(_ bytes: [UInt8], into record: inout ResultRecord) throws {
    guard let document = try? JSONDocument.decode(ResultDocument.self, from: bytes) else {
      throw StudyError(.resultInvalid, "result.json is not of its schema")
    }
    var facts: [String: String] = [:]
    switch document.prediction {
    case .value(let probability, let positive, let threshold, let label, let indeterminate)?:
      record.probability = probability
      record.positive = positive
      record.threshold = threshold
      record.label = label
      facts["indeterminate"] = indeterminate.map { "\($0)" }
    case .withheld(let reason, _, let threshold)?:
      record.threshold = threshold
      facts["withheld"] = String(reason.prefix(500))
    case nil: break
    }
    record.modelName = document.model?.name
    record.modelVersion = document.model?.version
    record.modelSHA256 = document.model?.sha256
    record.demonstration = document.model?.demonstration
    record.profileName = document.profile.name
    record.profileSHA256 = document.profile.sha256
    record.featureCount = document.featureCount
    if let distance = document.outOfDistribution {
      facts["ood_score"] = distance.score.isNaN ? nil : "\(distance.score)"
      facts["ood_flag"] = "\(distance.flag)"
    }
    let software = ["name", "version", "engine"].compactMap { name -> String? in
      guard case .string(let text)? = document.software[name] else { return nil }
      return text
    }
    facts["software"] = software.isEmpty ? nil : String(software.joined(separator: " ").prefix(200))
    record.facts = facts
    record.warnings = document.warnings.prefix(1000).map { String($0.text.prefix(2000)) }
  }
}
