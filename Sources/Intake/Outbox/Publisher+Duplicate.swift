internal import Documents
internal import Files
package import Jobs

/// The result that a duplicate would point to is not in the outbox.
package struct OriginalGone: Error, Sendable {
  package init() {}
}

extension Publisher {
  /// Publishes that the result exists already, and its place.
  ///
  /// - Parameter original: the job of that result; nil where it is no longer on record.
  /// - Throws: `OriginalGone`; `FileError`.
  package func publish(duplicate job: Job, of original: Job?) throws -> String {
    guard let original, let place = original.publishedAs,
      let manifest = try? ResultFolder.readManifest(folder(place), job: original.id), !manifest.files.isEmpty
    else { throw OriginalGone() }
    let document = DuplicateDocument(
      study: job.study, job: job.id.text,
      duplicateOf: .init(job: original.id.text, study: original.study, result: place),
      inputDigest: job.inputDigest ?? "")
    return try publish(document: try JSONDocument.encode(document), as: DuplicateDocument.fileName, of: job)
  }
}
