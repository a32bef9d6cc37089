internal import Foundation
public import Jobs

/// `duplicate.json`: where the result of the same content is.
struct DuplicateDocument: Codable {
  var schema = "radiomicsd.duplicate/1"
  var study: String
  var job: String
  var status = "duplicate"
  var duplicateOf: Original
  var inputDigest: String
  var notice = "Research use only. Not for diagnosis."

  struct Original: Codable {
    var job: String
    var study: String
    /// The folder in the outbox.
    var result: String
  }

  enum CodingKeys: String, CodingKey {
    case schema, study, job, status, notice
    case duplicateOf = "duplicate_of"
    case inputDigest = "input_digest"
  }
}

/// The result that a duplicate would point to is not in the outbox.
public struct OriginalGone: Error, Sendable {
  public init() {}
}

extension Publisher {
  /// Publishes that the result is there already, and where.
  ///
  /// - Parameter original: the job that has it; nil where it is not on record any more.
  /// - Throws: `OriginalGone`; `FileError`.
  public func publish(duplicate job: Job, of original: Job?) throws -> String {
    guard let original, let place = original.publishedAs,
      let manifest = try? ResultFolder.readManifest(folder(place), job: original.id), !manifest.files.isEmpty
    else { throw OriginalGone() }
    let document = DuplicateDocument(
      study: job.study, job: job.id.text,
      duplicateOf: .init(job: original.id.text, study: original.study, result: place),
      inputDigest: job.inputDigest ?? "")
    return try publish(document: try JSONDocument.encode(document), as: "duplicate.json", of: job)
  }
}
