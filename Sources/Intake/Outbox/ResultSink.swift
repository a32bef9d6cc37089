package import Files
package import Jobs

/// Where results go: the port between the daemon's decisions and the folder that users read.
///
/// What comes after publication (sending, notifying) is no sink: it follows the record (`EventFollower`).
package protocol ResultSink: Sendable {
  /// Publishes what a job has come to: its result, the reason why there is none, or where the result of the same content
  /// is. It appears whole or not at all, and once: a job that is published already is found.
  ///
  /// - Parameters:
  ///   - folder: where the run left its result.
  ///   - original: the job whose result a duplicate points to; nil where it is not on record any more.
  /// - Throws: `OriginalGone`, `E_RESULT_INVALID`, `FileError`.
  func publish(_ job: Job, from folder: Path, original: Job?) throws -> Publication

  /// The name under which a job is published already, whole.
  func published(_ job: Job) throws -> String?

  /// Removes what was being put together when the daemon ended.
  func removeDrafts() throws
}

/// The outbox: a folder per study.
package struct OutboxSink: ResultSink {
  private let publisher: Publisher

  package init(_ layout: Layout, _ operations: any FileOperations) { publisher = Publisher(layout, operations) }

  package func publish(_ job: Job, from folder: Path, original: Job?) throws -> Publication {
    let name: String
    switch job.outcome {
    case .done: name = try publisher.publish(result: folder, of: job)
    case .duplicate: name = try publisher.publish(duplicate: job, of: original)
    default:
      let unknown = JobError(code: "E_INTERNAL", message: "the reason was not recorded")
      name = try publisher.publish(error: job.error ?? unknown, of: job)
    }
    return try publisher.publication(name, of: job)
  }

  package func published(_ job: Job) throws -> String? { try publisher.published(job) }

  package func removeDrafts() throws { try publisher.removeDrafts() }
}
