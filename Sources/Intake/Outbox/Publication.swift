internal import Files
internal import Glibc
public import Jobs

/// What was put into the outbox.
public struct Publication: Sendable, Equatable {
  /// The folder's name.
  public var name: String
  /// SHA-256 of `error.json` or `duplicate.json`, for the record; nil for a result, whose files are on record already.
  public var documentSHA256: String?

  package init(name: String, documentSHA256: String? = nil) {
    self.name = name
    self.documentSHA256 = documentSHA256
  }
}

extension Publisher {
  /// What is in the outbox under a name now.
  public func publication(_ name: String, of job: Job) throws -> Publication {
    guard job.outcome != .done else { return Publication(name: name) }
    let file = job.outcome == .duplicate ? "duplicate.json" : "error.json"
    return Publication(name: name, documentSHA256: try FileDigest.of(folder(name) / file).sha256)
  }
}
