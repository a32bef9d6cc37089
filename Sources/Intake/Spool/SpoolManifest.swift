internal import Documents
internal import Errors
internal import Files
internal import Jobs

extension SpoolManifest {
  init(_ job: JobID, _ copy: PrivateCopy, _ files: [File]) {
    self.init(job: job.text, inputDigest: copy.digest, contentDigest: copy.contentDigest, files: files)
  }

  static func read(_ path: Path) -> SpoolManifest? {
    guard let bytes = try? FileDigest.contents(path, limit: 64 << 20),
      let manifest = try? JSONDocument.decode(SpoolManifest.self, from: bytes), manifest.schema == schema
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
    return try? JSONDocument.decode(SpooledJob.self, from: bytes)
  }

  func encoded() throws -> [UInt8] { try JSONDocument.encode(self) }
}
