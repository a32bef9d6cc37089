internal import Files
internal import Intake
internal import Jobs

/// State of one entry of the inbox besides how it settles (`Settling`). Deleting the record deletes all of
/// it.
package struct EntryRecord: Sendable {
  /// It is a file: an archive.
  var isArchive = false
  /// A probe of it runs.
  var probe: Probe?
  /// Its place among the entries that wait for a probe; nil where it does not wait.
  var probeTurn: Int?
  /// Estimated MiB of memory of its computation.
  var estimate: Int?
  /// Content of its archives by the probe, with the listing that was probed.
  var content: (listing: String, content: ArchivedContent)?
  /// Its listing, where it holds `study.yaml` and no series: an answer to a job of its name.
  var answer: String?
  /// Request of an operator; the next job of this entry takes it over.
  var retry: Retry?
  /// When it was taken; infinite while it is being taken. A listing that began earlier may still show it.
  var taken: BootTime?
  /// It may not be read.
  var forbidden: Forbidden?
  /// Its listing, where it may not be moved: it is computed from a copy.
  var unmovable: String?
  /// There is no room for its private copy.
  var lacksSpace = false

  /// A finished job whose original is in the inbox again.
  struct Retry: Sendable {
    var job: JobID
    /// The operator who wants it computed despite objections, and the reason.
    var forced: Forced?
    /// When it was requested. A listing that began earlier need not show the entry.
    var time: BootTime
  }

  /// Whether the record is needed although a listing that began at this time does not show its entry.
  func outlives(listing began: BootTime) -> Bool {
    probe != nil || (taken ?? 0) >= began || (retry?.time ?? 0) >= began
  }

  /// The entry is gone, or is another one: findings about its content no longer count.
  mutating func forgetContent() {
    probeTurn = nil
    answer = nil
    estimate = nil
    content = nil
    lacksSpace = false
  }
}

/// A probe that examines whether a study is complete.
struct Probe: Sendable {
  var token: Int
  var fingerprint: String
  var deadline: BootTime
}

/// A study that may not be read, and when it is tried again.
struct Forbidden: Sendable {
  var listing: String
  var failures: Int
  var until: BootTime
}
