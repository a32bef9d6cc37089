internal import Files
internal import Glibc
package import Jobs

/// A folder that was put into the outbox.
package struct Publication: Sendable, Equatable {
  /// The folder's name.
  package var name: String
  /// SHA-256 of `error.json` or `duplicate.json`, for the record; nil for a result, whose files are on record already.
  package var documentSHA256: String?
}

extension Publisher {
  /// The current content of the outbox under a name.
  package func publication(_ name: String, of job: Job) throws -> Publication {
    guard job.outcome != .done else { return Publication(name: name) }
    return Publication(name: name, documentSHA256: try FileDigest.of(folder(name) / Self.document(of: job)).sha256)
  }
}
