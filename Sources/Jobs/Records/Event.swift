/// What happened, when, to which job: a row of the append-only table `events`.
package struct Event: Sendable, Equatable {
  /// From 1, without gaps.
  package let sequence: Int64
  package let time: Timestamp
  /// Nanoseconds of the boot clock, which cannot be set.
  package let bootTime: Int64
  /// Nil for events of the daemon itself.
  package let job: JobID?
  package let kind: EventKind
  package let from: JobState?
  package let to: JobState?
  package let attempt: Int?
  /// `daemon`, or the user who made the request.
  package let actor: String
  /// Codes, digests and numbers; never names or content of a study.
  package let details: [String: String]
  /// The hash of the event before; 64 zeros for the first.
  package let previousHash: String
  /// SHA-256 of `previousHash` and the event's canonical text.
  package let hash: String
  /// Digest of the rows after the event: of its job, or of `meta`; nil where it changed neither.
  package let stateDigest: String?
}

/// Kinds of events; the names are stable.
package enum EventKind: String, Sendable, CaseIterable {
  case daemonStarted = "DAEMON_STARTED"
  case daemonStopped = "DAEMON_STOPPED"
  case claiming = "CLAIMING"
  /// Nothing was taken: the study changed or is gone. The row is withdrawn.
  case claimAborted = "CLAIM_ABORTED"
  case admitted = "ADMITTED"
  /// A finished private copy was found whose admission had not been recorded.
  case copyRecovered = "COPY_RECOVERED"
  case started = "STARTED"
  /// A run ended badly and is retried.
  case retrying = "RETRYING"
  /// A run was lost with the daemon, or stopped with it; it does not count as an attempt.
  case interrupted = "INTERRUPTED"
  /// The machine, not the study, caused the failure; the run does not count as an attempt.
  case deferred = "DEFERRED"
  case requeued = "REQUEUED"
  case computed = "COMPUTED"
  /// A complete result was found whose end had not been recorded.
  case resultRecovered = "RESULT_RECOVERED"
  case resultLost = "RESULT_LOST"
  case refused = "REFUSED"
  /// A person must choose between series, masks or regions.
  case needsReview = "NEEDS_REVIEW"
  /// The user added `study.yaml` to a study that waits for a choice.
  case answered = "ANSWERED"
  /// An operator chose.
  case resolved = "RESOLVED"
  /// The same files came again with a choice: the older job ends.
  case superseded = "SUPERSEDED"
  /// The attempts are used up, or nothing more can be tried.
  case gaveUp = "GAVE_UP"
  case published = "PUBLISHED"
  /// A result of the same content already exists.
  case duplicate = "DUPLICATE"
  /// A worker found that its input differs from the copied files.
  case inputChanged = "INPUT_CHANGED"
  /// The original differs from the computed files: it goes back to the inbox and is computed again.
  case originalChanged = "ORIGINAL_CHANGED"
  case nameCollision = "NAME_COLLISION"
  case held = "HELD"
  case released = "RELEASED"
  case cancelled = "CANCELLED"
  case retryRequested = "RETRY_REQUESTED"
  case requestRefused = "REQUEST_REFUSED"
  case swept = "SWEPT"
  /// The original was deleted on request.
  case purged = "PURGED"
  case paused = "PAUSED"
  case resumed = "RESUMED"
  /// Another folder replaced the inbox, on the same device.
  case inboxReplaced = "INBOX_REPLACED"
  /// The inbox has become read-only, and is served by copies only; or is writable again.
  case inboxReadOnly = "INBOX_READ_ONLY"
  /// The folder `status` was removed; the daemon created it again.
  case statusRemade = "STATUS_REMADE"
  case watchDegraded = "WATCH_DEGRADED"
  case overflow = "OVERFLOW"
  /// Workers crashed on several different studies in a row: computing pauses, and single studies are tried.
  case softwareFault = "SOFTWARE_FAULT"
  /// The wall clock moved by more than 5 s against the boot clock: it was set.
  case clockJump = "CLOCK_JUMP"
  /// A listing of the inbox has not finished within `stall_seconds`: its server hangs.
  case inboxStalled = "INBOX_STALLED"
  /// Another process locked the database for a while; all transactions waited.
  case databaseBusy = "DB_BUSY"
  /// The database's log is large, because a reader has been active for long.
  case databaseLogLarge = "DB_LOG_LARGE"
  /// The configuration was read again on SIGHUP and is invalid: the previous one stays.
  case reloadRefused = "RELOAD_REFUSED"
  /// The database was rebuilt from its mirror and the folders of jobs.
  case recovered = "RECOVERED"
  /// Program, configuration, model or profile differ from the last start.
  case configurationChanged = "CONFIGURATION_CHANGED"
  /// Rows from before events carried digests are covered from here on, as they were then.
  case sealed = "SEALED"
  /// How far the mirror and the daemon's own anchors reach: if they are removed, the record still shows that they
  /// existed.
  case witnessed = "WITNESSED"
  /// A value that the daemon stores by name was set.
  case valueSet = "VALUE_SET"
  /// Files of the state folder that other users could read were made private.
  case stateTightened = "STATE_TIGHTENED"
  /// A process tried something that radiomicsd never does.
  case security = "SECURITY"
}
