public import Errors

extension ErrorCode {
  /// A study was still being written when it was claimed.
  public static let originalChanged = ErrorCode("E_ORIGINAL_CHANGED", .temporary)
}

/// One admitted study and its state: a row of the table `jobs`.
public struct Job: Sendable, Equatable {
  public let id: JobID
  /// Order of admission, from 1; gaps have no meaning.
  public internal(set) var sequence: Int64 = 0
  /// Counts the job's changes; a writer with a stale copy is refused.
  public internal(set) var epoch: Int64 = 0
  /// The dropped folder's name, percent-encoded where it is not clean UTF-8.
  public var study: String
  /// The study's name as bytes: the dropped folder's, or an archive's without its suffix.
  public var studyBytes: [UInt8]
  /// The path below the inbox where it is not just the name: an archive has a suffix, an urgent study is in `urgent`.
  public var entryBytes: [UInt8]?
  public internal(set) var state = JobState.claiming
  /// The state in which `publishing` ends; `needsReview` while a choice is open, also while the job is held.
  public var outcome: JobState?

  /// Number of runs started; names the work folder of a run.
  public var attempt = 0
  /// Runs that count against `max_attempts`.
  public var charges = 0
  /// Runs lost because the daemon died.
  public var interruptions = 0

  public internal(set) var created = Timestamp.now
  public internal(set) var updated = Timestamp.now
  /// When the first run started.
  public var started: Timestamp?
  /// When the final state was reached.
  public internal(set) var finished: Timestamp?

  /// Fingerprint of the listing that was claimed: names, sizes, times, inodes.
  public var listing = ""
  /// SHA-256 over the sorted SHA-256 of the files, with the contents of archives in place of the archives: the same
  /// content has the same digest under any names, packed or not. For an archive that could not be opened, and for one
  /// taken before archives were supported, the archive's own bytes are used.
  public var inputDigest: String?
  public var inputFiles: Int?
  public var inputBytes: Int64?

  public var error: JobError?

  /// The folder's name in the outbox.
  public var publishedAs: String?
  /// Where the dropped folder is now; nil while it is claimed. `inbox` from the beginning where it is never moved.
  public var originalAt: String?
  /// True when nothing of the job is left to clean up.
  public var swept = false
  /// The job that this one retries.
  public var retryOf: JobID?
  /// The operators' choices.
  public var choices: JobChoices?
  /// Fingerprint of a drop with `study.yaml` that is being added to the original.
  public var answer: String?

  /// The job whose result this one shares.
  public var duplicateOf: JobID?

  /// A finished job all of whose files are among this one's, which has more.
  public var supersedes: JobID?
  /// Runs before others, as far as fairness allows.
  public var isUrgent = false
  /// Computed despite an objection: who requested it, and why.
  public var forced: Forced?
  /// Estimated maximum of a run's address space in MiB; nil where it is unknown.
  public var memory: Int?

  /// The original stays in the inbox during the job and after it: the inbox is read-only, and a copy is computed.
  public var leavesOriginal: Bool { originalAt == Self.inInbox && !swept }

  /// The original changed after it was copied; it went back to the inbox to be computed again.
  public var hasChangedOriginal: Bool { error?.code == ErrorCode.originalChanged.name }

  /// The value of `originalAt` for an original in the inbox.
  public static let inInbox = "inbox"

  public init(id: JobID, study: String, studyBytes: [UInt8]) {
    self.id = id
    self.study = study
    self.studyBytes = studyBytes
  }
}

/// Why a job was refused or failed, as shown to users.
public struct JobError: Sendable, Equatable, Codable {
  /// `E_…`, see `docs/errors.md`.
  public var code: String
  public var message: String
  public var hint: String
  public var details: [String: String]

  public init(code: String, message: String, hint: String = "", details: [String: String] = [:]) {
    self.code = code
    self.message = message
    self.hint = hint
    self.details = details
  }
}

/// A request to compute a study although files of it cannot be read or it was computed before.
public struct Forced: Sendable, Equatable, Codable {
  /// `user:alice (1000)`, or `study.yaml`.
  public var by: String
  public var reason: String

  /// Nil without a reason, or with one that is longer than 500 characters.
  public init?(by: String, reason: String) {
    guard !reason.isEmpty, reason.count <= 500 else { return nil }
    self.by = by
    self.reason = reason
  }
}

extension Job {
  /// This job as a commit will leave it: edited, in another state. What only the record knows (times, its place) is as it
  /// was.
  package func moved(to state: JobState, _ edit: (inout Job) -> Void = { _ in }) -> Job {
    var next = self
    edit(&next)
    next.state = state
    next.epoch = epoch + 1
    return next
  }

  /// This job with its place in the order of admission, which the record gives out.
  package func placed(_ sequence: Int64) -> Job {
    var job = self
    job.sequence = sequence
    return job
  }
}
