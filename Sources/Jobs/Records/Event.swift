/// What happened, when, to which job: a row of the append-only table `events`.
public struct Event: Sendable, Equatable {
  /// From 1, without gaps.
  public let sequence: Int64
  public let time: Timestamp
  /// Nanoseconds of the boot clock, which no one can set.
  public let bootTime: Int64
  /// Nil for events of the daemon itself.
  public let job: JobID?
  public let kind: EventKind
  public let from: JobState?
  public let to: JobState?
  public let attempt: Int?
  /// `daemon`, or the user who asked.
  public let actor: String
  /// Codes, digests and numbers; never names or content of a study.
  public let details: [String: String]
  /// The hash of the event before; 64 zeros for the first.
  public let previousHash: String
  /// SHA-256 of `previousHash` and the event's canonical text.
  public let hash: String
  /// Digest of the rows as the event left them: of its job, or of `meta`; nil where it changed neither.
  public let stateDigest: String?
}

/// Kinds of events; the names are stable.
public enum EventKind: String, Sendable, CaseIterable {
  case daemonStarted = "DAEMON_STARTED"
  case daemonStopped = "DAEMON_STOPPED"
  case claiming = "CLAIMING"
  /// Nothing was taken after all: the study changed or is gone. The row is withdrawn.
  case claimAborted = "CLAIM_ABORTED"
  case admitted = "ADMITTED"
  /// A finished private copy was found whose admission had not been recorded.
  case copyRecovered = "COPY_RECOVERED"
  case started = "STARTED"
  /// A run ended badly and is tried again.
  case retrying = "RETRYING"
  /// A run was lost with the daemon, or stopped with it; it does not count.
  case interrupted = "INTERRUPTED"
  /// The machine, not the study, stands in the way; the run does not count.
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
  /// The attempts are spent, or nothing more can be tried.
  case gaveUp = "GAVE_UP"
  case published = "PUBLISHED"
  /// The result of the same content is there already.
  case duplicate = "DUPLICATE"
  /// A worker found that its input is not what was copied.
  case inputChanged = "INPUT_CHANGED"
  /// The original is no longer what was computed: it goes back to the inbox and is computed again.
  case originalChanged = "ORIGINAL_CHANGED"
  case nameCollision = "NAME_COLLISION"
  case held = "HELD"
  case released = "RELEASED"
  case cancelled = "CANCELLED"
  case retryRequested = "RETRY_REQUESTED"
  case requestRefused = "REQUEST_REFUSED"
  case swept = "SWEPT"
  /// The original was deleted, as somebody asked.
  case purged = "PURGED"
  case paused = "PAUSED"
  case resumed = "RESUMED"
  /// Another folder has taken the inbox's place, on the same device.
  case inboxReplaced = "INBOX_REPLACED"
  /// The inbox has become read-only, and is served by copies alone; or no longer is.
  case inboxReadOnly = "INBOX_READ_ONLY"
  /// Somebody removed the folder `status`; it was made again.
  case statusRemade = "STATUS_REMADE"
  case watchDegraded = "WATCH_DEGRADED"
  case overflow = "OVERFLOW"
  /// Workers crashed on one different study after the other: computing pauses, and one is tried now and then.
  case softwareFault = "SOFTWARE_FAULT"
  /// The wall clock went apart from the boot clock by more than 5 s: somebody set it.
  case clockJump = "CLOCK_JUMP"
  /// The inbox has been listed for longer than `stall_seconds` without an answer: its server hangs.
  case inboxStalled = "INBOX_STALLED"
  /// The database was locked by somebody else for a while; everything waited.
  case databaseBusy = "DB_BUSY"
  /// The database's log is large, for somebody has been reading for long.
  case databaseLogLarge = "DB_LOG_LARGE"
  /// The configuration was read again on SIGHUP and is wrong: the one before stays.
  case reloadRefused = "RELOAD_REFUSED"
  /// The database was made again from its mirror and the folders of jobs.
  case recovered = "RECOVERED"
  /// Program, configuration, model or profile is another than at the last start.
  case configurationChanged = "CONFIGURATION_CHANGED"
  /// Rows from before events carried digests are covered from here on, as they were then.
  case sealed = "SEALED"
  /// How far the mirror and the daemon's own anchors reach: without them the record says that they were there.
  case witnessed = "WITNESSED"
  /// A value that the daemon keeps by name was set.
  case valueSet = "VALUE_SET"
  /// Files of the state folder that others could read no longer can be.
  case stateTightened = "STATE_TIGHTENED"
  /// Something tried what no honest part of radiomicsd does.
  case security = "SECURITY"
}
