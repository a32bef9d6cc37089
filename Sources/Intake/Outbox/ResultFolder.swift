internal import Errors
public import Files
internal import Foundation
internal import Hashing
public import Jobs

extension ErrorCode {
  /// A worker ended well but its result is not what its manifest says.
  static let resultInvalid = ErrorCode("E_RESULT_INVALID", .internal)
}

/// A worker's result that was read whole and is what its manifest says.
public struct VerifiedResult: Sendable, Equatable {
  /// Names and SHA-256 of the files, without `manifest.json`.
  public var files: [String: String]
  public var manifestSHA256: String
  public var record: ResultRecord
  /// What a shadow model says: for the job's events, never published. Empty where there is none.
  public var shadow: [String: String] = [:]

  package init(
    files: [String: String], manifestSHA256: String, record: ResultRecord, shadow: [String: String] = [:]
  ) {
    self.files = files
    self.manifestSHA256 = manifestSHA256
    self.record = record
    self.shadow = shadow
  }
}

/// Reads what a worker left behind. The worker is not trusted: names are plain names, sizes are bounded, and every byte
/// is hashed. No image is parsed here.
public enum ResultFolder {
  static let manifestName = "manifest.json"

  /// Verifies a result of `job`.
  ///
  /// - Throws: `E_RESULT_INVALID` saying what does not agree; `FileError`.
  public static func verify(_ folder: Path, job: JobID) throws -> VerifiedResult {
    let manifest = try readManifest(folder, job: job)
    var sums: [String: String] = [:]
    for (name, file) in manifest.files {
      let (digest, bytes) = try FileDigest.of(folder / name)
      guard digest == file.sha256, bytes == file.bytes else {
        throw StudyError(.resultInvalid, "a file of the result is not what the manifest says", file: name)
      }
      sums[name] = digest
    }
    let manifestBytes = try FileDigest.contents(folder / manifestName, limit: 1 << 20)
    let manifestSHA256 = sha256(manifestBytes)
    var record = ResultRecord(manifestSHA256: manifestSHA256)
    if manifest.files["result.json"] != nil {
      try read(try FileDigest.contents(folder / "result.json", limit: 16 << 20), into: &record)
    }
    record.featuresSHA256 = sums["features.json"]
    record.facts.merge(AuditRecord.facts(in: folder)) { own, _ in own }
    return VerifiedResult(
      files: sums, manifestSHA256: manifestSHA256, record: record, shadow: ShadowRecord.details(in: folder))
  }

  /// The `error.json` a worker left, if it is one: the code must have the form of a code, texts are cut.
  public static func readError(_ folder: Path) -> (error: JobError, needsReview: Bool)? {
    struct Document: Decodable {
      var status: String?
      var error: ReportedError
    }
    guard let bytes = try? FileDigest.contents(folder / "error.json", limit: 1 << 20),
      let document = try? JSONDecoder().decode(Document.self, from: Data(bytes))
    else { return nil }
    return document.error.checked.map { ($0, document.status == JobState.needsReview.rawValue) }
  }

  /// An error that came from a child, with its code checked and its texts cut.
  public static func jobError(code: String, message: String?, hint: String?, details: [String: String]?) -> JobError? {
    let letters = code.utf8.dropFirst(2)
    guard code.hasPrefix("E_"), (3...64).contains(code.utf8.count),
      letters.allSatisfy({ (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F })
    else { return nil }
    func cut(_ text: String?) -> String { String((text ?? "").prefix(2000)) }
    let facts = (details ?? [:]).sorted { $0.key < $1.key }.prefix(JobError.maximumDetails)
    return JobError(
      code: code, message: cut(message), hint: cut(hint),
      details: Dictionary(facts.map { (cut($0.key), cut($0.value)) }, uniquingKeysWith: { first, _ in first }))
  }

  struct Manifest: Decodable {
    struct File: Decodable {
      var sha256: String
      var bytes: Int64
    }
    var schema: String
    var job: String
    var files: [String: File]
  }

  static func readManifest(_ folder: Path, job: JobID) throws -> Manifest {
    let bytes = try FileDigest.contents(folder / manifestName, limit: 1 << 20)
    guard let manifest = try? JSONDecoder().decode(Manifest.self, from: Data(bytes)),
      manifest.schema == "radiomicsd.manifest/1", manifest.job == job.text, (1...1000).contains(manifest.files.count)
    else { throw StudyError(.resultInvalid, "the result's manifest is none, or another job's") }
    for name in manifest.files.keys {
      guard FileName(name) != nil, name.first != ".", FileName.display(Array(name.utf8)) == name, name != manifestName
      else {
        throw StudyError(.resultInvalid, "the result's manifest names a file as no file of ours is named")
      }
    }
    return manifest
  }

  private static func read(_ bytes: [UInt8], into record: inout ResultRecord) throws {
    guard let document = try? JSONDecoder().decode(ResultDocument.self, from: Data(bytes)) else {
      throw StudyError(.resultInvalid, "result.json is not of its schema")
    }
    record.probability = document.prediction?.probability
    record.positive = document.prediction?.positive
    record.threshold = document.prediction?.threshold
    record.label = document.prediction?.label
    record.modelName = document.model?.name
    record.modelVersion = document.model?.version
    record.modelSHA256 = document.model?.sha256
    record.demonstration = document.model?.demonstration
    record.profileName = document.profile?.name
    record.profileSHA256 = document.profile?.sha256
    record.featureCount = document.features?.count
    var facts: [String: String] = [:]
    facts["withheld"] = document.prediction?.withheld.map { String(($0.reason ?? "").prefix(500)) }
    facts["indeterminate"] = document.prediction?.indeterminate.map { "\($0)" }
    facts["ood_score"] = document.outOfDistribution?.score.map { "\($0)" }
    facts["ood_flag"] = document.outOfDistribution?.flag.map { "\($0)" }
    facts["software"] = document.software.map { software in
      String([software.name, software.version, software.engine].compactMap { $0 }.joined(separator: " ").prefix(200))
    }
    record.facts = facts
    record.warnings = (document.warnings ?? []).prefix(1000).map { String($0.text.prefix(2000)) }
  }

  /// The part of `result.json` that goes into the database.
  private struct ResultDocument: Decodable {
    struct Withheld: Decodable {
      var reason: String?
    }
    struct Distance: Decodable {
      var score: Double?
      var flag: Bool?
    }
    struct Software: Decodable {
      var name: String?
      var version: String?
      var engine: String?
    }
    struct Prediction: Decodable {
      var withheld: Withheld?
      var indeterminate: Bool?
      var probability: Double?
      var positive: Bool?
      var threshold: Double?
      var label: String?
    }
    struct Model: Decodable {
      var name: String?
      var version: String?
      var sha256: String?
      var demonstration: Bool?
    }
    struct Profile: Decodable {
      var name: String?
      var sha256: String?
    }
    struct Features: Decodable {
      var count: Int?
    }
    /// A warning is a text, or an object with `code` and `message`.
    struct Warning: Decodable {
      var text: String
      private enum Key: CodingKey {
        case code, message
      }
      init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
          self.text = text
        } else {
          let parts = try decoder.container(keyedBy: Key.self)
          let code = try parts.decodeIfPresent(String.self, forKey: .code)
          let message = try parts.decodeIfPresent(String.self, forKey: .message)
          text = [code, message].compactMap { $0 }.joined(separator: ": ")
        }
      }
    }
    var prediction: Prediction?
    var outOfDistribution: Distance?
    var software: Software?
    var model: Model?
    var profile: Profile?
    var features: Features?
    var warnings: [Warning]?
  }
}
