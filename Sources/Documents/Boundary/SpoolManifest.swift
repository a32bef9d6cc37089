/// `manifest.json` of a private copy: what was copied. Intake writes it; recovery reads it, and the worker before it reads
/// anything else.
package struct SpoolManifest: Sendable, Equatable, Codable {
  package static let schema = "radiomicsd.spool/1"

  package struct File: Sendable, Equatable, Codable {
    /// Percent-encoded, so that any name has a text.
    package var path: String
    package var sha256: String
    package var bytes: Int64

    package init(path: String, sha256: String, bytes: Int64) {
      self.path = path
      self.sha256 = sha256
      self.bytes = bytes
    }
  }

  package var schema = Self.schema
  package var job: String
  /// Of these files.
  package var inputDigest: String
  /// With the content of archives in their place.
  package var contentDigest: String?
  package var files: [File]

  package init(job: String, inputDigest: String, contentDigest: String?, files: [File]) {
    self.job = job
    self.inputDigest = inputDigest
    self.contentDigest = contentDigest
    self.files = files
  }
}
