public import Errors

extension ErrorCode {
  /// A study was still being written when it was taken.
  public static let originalChanged = ErrorCode("E_ORIGINAL_CHANGED", .temporary)
}

/// One admitted study and how it stands: a row of the table `jobs`.
public struct Job: Sendable, Equatable {
  public let id: JobID
  /// Order of admission, from 1, without gaps of meaning.
  public internal(set) var sequence: Int64 = 0
  /// Counts the job's changes; a writer with an old copy is refused.
  public internal(set) var epoch: Int64 = 0
  /// The dropped folder's name, percent-encoded where it is no clean UTF-8.
  public var study: String
  /// The study's name as bytes: the dropped folder's, or an archive's without its suffix.
  public var studyBytes: [UInt8]
  /// The path below the inbox where that is not the name alone: an archive has a suffix, an urgent study is in `urgent`.
  public var entryBytes: [UInt8]?
  public internal(set) var state = JobState.claiming
  /// What `publishing` ends in; `needsReview` while a choice is open, also while the job is held.
  public var outcome: JobState?

  /// Runs begun, from 1; names the work folder of a run.
  public var attempt = 0
  /// Runs that count against `max_attempts`.
  public var charges = 0
  /// Runs lost because the daemon died.
  public var interruptions = 0

  public internal(set) var created = Timestamp.now
  public internal(set) var updated = Timestamp.now
  /// When the first run began.
  public var started: Timestamp?
  /// When the final state was reached.
  public internal(set) var finished: Timestamp?

  /// Fingerprint of the listing that was taken: names, sizes, times, inodes.
  public var listing = ""
  /// SHA-256 over the sorted SHA-256 of the files, those that archives hold in place of the archives: the same content has
  /// the same digest under any names, packed or not. Of an archive that could not be opened for it, and of one taken before
  /// archives were, it is the archive's own bytes that count.
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
  /// The job this one tries again.
  public var retryOf: JobID?
  /// What operators chose.
  public var choices: JobChoices?
  /// Fingerprint of a drop with `study.yaml` that is being added to the original.
  public var answer: String?

  /// The job whose result is this one's.
  public var duplicateOf: JobID?

  /// A finished job all of whose files are among this one's, which has more.
  public var supersedes: JobID?
  /// Goes before others, as far as fairness allows.
  public var isUrgent = false
  /// Computed although something speaks against it: who wanted that, and why.
  public var forced: Forced?
  /// MiB of address space that a run is thought to take at most; nil where nobody could tell.
  public var memory: Int?

  /// The original stays in the inbox while the job runs, and after it: the inbox is read-only, and a copy is computed.
  public var leavesOriginal: Bool { originalAt == Self.inInbox && !swept }

  /// The original changed after it was copied; it went back to the inbox, to be computed again.
  public var hasChangedOriginal: Bool { error?.code == ErrorCode.originalChanged.name }

  /// What `originalAt` is for an original in the inbox.
  public static let inInbox = "inbox"

  public init(id: JobID, study: String, studyBytes: [UInt8]) {
    self.id = id
    self.study = study
    self.studyBytes = studyBytes
  }
}

/// Why a job was refused or failed, as users read it.
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

/// Somebody wants a study computed although files of it cannot be read or it was computed before.
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
