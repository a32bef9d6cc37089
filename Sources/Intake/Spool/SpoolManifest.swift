internal import Errors
internal import Files
internal import Foundation
internal import Jobs

/// `manifest.json` of a private copy: what was copied, for recovery and for the record.
struct SpoolManifest: Codable {
  struct File: Codable {
    /// Percent-encoded, so that any name has a text.
    var path: String
    var sha256: String
    var bytes: Int64
  }

  var schema = DocumentSchema.spool
  var job: String
  /// Of these files.
  var inputDigest: String
  /// With what archives hold in their place.
  var contentDigest: String?
  var files: [File]

  init(_ job: JobID, _ copy: PrivateCopy, _ files: [File]) {
    self.job = job.text
    inputDigest = copy.digest
    contentDigest = copy.contentDigest
    self.files = files
  }

  static func read(_ path: Path) -> SpoolManifest? {
    guard let bytes = try? FileDigest.contents(path, limit: 64 << 20),
      let manifest = try? JSONDecoder().decode(SpoolManifest.self, from: Data(bytes)),
      manifest.schema == DocumentSchema.spool
    else { return nil }
    return manifest
  }

  func encoded() throws -> [UInt8] { try JSONDocument.encode(self) }
}

/// `job.json` of a private copy: enough to rebuild the job's row.
struct SpooledJob: Codable {
  var schema = "radiomicsd.job/1"
  var job: String
  var study: String
  /// The dropped folder's name, percent-encoded.
  var name: String
  /// The path below the inbox where that is not the name, percent-encoded.
  var entry: String?
  var listing: String
  var created: String
  var urgent: Bool?
  var forced: Forced?
  var choices: JobChoices?
  /// Where the original is, if it is not claimed.
  var original: String?

  init(_ job: Job, listing: String) {
    self.job = job.id.text
    self.listing = listing
    study = job.study
    name = PercentEncoding.encoded(job.studyBytes)
    created = job.created.description
    entry = job.entryBytes.map(PercentEncoding.encoded)
    urgent = job.isUrgent ? true : nil
    forced = job.forced
    choices = job.choices
    original = job.originalAt
  }

  static func read(_ path: Path) -> SpooledJob? {
    guard let bytes = try? FileDigest.contents(path, limit: 1 << 20) else { return nil }
    return try? JSONDecoder().decode(SpooledJob.self, from: Data(bytes))
  }

  func encoded() throws -> [UInt8] { try JSONDocument.encode(self) }
}

enum JSONDocument {
  /// Keys in order, indented, a line end at the end.
  static func encode(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(value)) + [0x0A]
  }
}
