internal import Configuration
internal import Errors
internal import Files
internal import Intake
internal import Jobs

/// What other threads tell the service.
enum Message: Sendable {
  case watch(generation: Int, [WatchRecord])
  case watcherEnded(generation: Int)
  case scanned(Scan)
  case probeEnded(InboxEntry, token: Int)
  /// The study was claimed and, unless it is refused, copied.
  case claimed(JobID, Result<PrivateCopy?, any Error>)
  /// A private copy that was lost was made again.
  case restored(JobID, Result<PrivateCopy, any Error>)
  case run(RunHandle, RunNews)
  case inspected(JobID, Result<VerifiedResult, any Error>)
  /// What became of a job's original since it was copied.
  case looked(JobID, Result<OriginalCondition, any Error>)
  /// The name in the outbox.
  case published(JobID, Result<Publication, any Error>)
  /// Where the original is now.
  case swept(JobID, Result<String?, any Error>)
  /// The original of a finished job was deleted for this actor.
  case purged(JobID, actor: String, Result<Void, any Error>)
  /// The folder `status` was gone and was made again.
  case statusRemade
  /// What a configuration names was loaded, or why not.
  case configurationChecked(Configuration, StudyError?)
  /// Something was removed.
  case tidied
  case signal(Int32)
  /// A large database was read through.
  case databaseChecked(isDamaged: Bool)

  /// Whether it is the end of a task that was counted.
  var isTask: Bool {
    switch self {
    case .scanned, .claimed, .restored, .inspected, .looked, .published, .swept, .purged, .tidied,
      .configurationChecked:
      true
    case .watch, .watcherEnded, .probeEnded, .run, .signal, .databaseChecked, .statusRemade: false
    }
  }
}
