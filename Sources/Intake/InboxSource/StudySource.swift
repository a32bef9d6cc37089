package import Configuration
package import Files
package import Jobs

/// Where studies come from: the port between the daemon's decisions and the folders that users drop into.
///
/// Every method may take long, as on a share that hangs; none is called on the daemon's thread unless it says so.
package protocol StudySource: Sendable {
  /// Lists what is asked for.
  func scan(_ request: ScanRequest) -> Scan

  /// Takes a study for a job and copies it into private space; or only copies it where it is taken already, or stays where
  /// it is. An answer that the job waits for is added to it first.
  ///
  /// - Parameter content: what is known of its archives.
  /// - Returns: nil for a study that is refused unread, which is not copied.
  /// - Throws: `StudyChanged`, `AnswerRefused`, `UnreadableFile`, `FileError`.
  func take(_ job: Job, content: ArchivedContent?) throws -> PrivateCopy?

  /// Makes a private copy again that was lost or damaged.
  func copyAgain(_ job: Job, content: ArchivedContent?) throws -> PrivateCopy

  /// Whether the original of a job was taken and is out of reach of others.
  func hasTaken(_ job: JobID) -> Bool

  /// What became of a job's original since it was copied.
  ///
  /// - Parameter isRemote: it lies on a server, whose times may be old.
  func compare(_ job: Job, isRemote: Bool) throws -> OriginalCondition

  /// Puts the original of a finished job where the policy says.
  ///
  /// - Returns: where it is now, as in `Job.originalAt`; nil where there is none any more.
  func retire(_ job: Job, _ policy: OriginalsPolicy) throws -> String?

  /// Drops the original of a finished job again. Called on the daemon's thread.
  ///
  /// - Parameter place: `Job.originalAt`.
  /// - Throws: `OriginalMissing`; `FileError`.
  func dropAgain(_ place: String, as entry: InboxEntry) throws

  /// Deletes the original of a finished job. One that is gone already is no error.
  func delete(_ place: String) throws

  /// Makes what is missing in a source that was replaced. Called on the daemon's thread.
  func remake() -> Bool
  func makeUrgent()
}

/// What is to be listed.
package struct ScanRequest: Sendable, Equatable {
  /// The top of the inbox too.
  package var includesTop: Bool
  package var entries: [Entry]
  /// Whether writers on this machine can be seen.
  package var asksForWriters: Bool

  package struct Entry: Sendable, Equatable {
    package var name: InboxEntry
    /// Its files are looked at themselves.
    package var isClose: Bool

    package init(name: InboxEntry, isClose: Bool) {
      self.name = name
      self.isClose = isClose
    }
  }

  package init(includesTop: Bool, entries: [Entry], asksForWriters: Bool) {
    self.includesTop = includesTop
    self.entries = entries
    self.asksForWriters = asksForWriters
  }
}

/// What one look into the inbox brought.
package struct Scan: Sendable {
  /// Nil when the top of the inbox was not listed.
  package var inbox: Result<InboxListing, FileError>?
  /// Whether the control folder and the marker are in the inbox; without them the inbox is another one, or not mounted.
  package var hasControl = true
  /// Nothing can be changed in the inbox.
  package var isReadOnly = false
  package var listings: [(name: InboxEntry, listing: Result<Listing, FileError>)] = []
  /// Boot-clock seconds.
  package var began = 0.0
  package var time = 0.0

  package init() {}
}

/// What was added to a study makes it one that is not accepted.
package struct AnswerRefused: Error, Sendable {
  package var error: JobError

  package init(error: JobError) { self.error = error }
}

/// The original is no longer where it was put; the folder's path.
package struct OriginalMissing: Error, Sendable {
  package var folder: String
}
