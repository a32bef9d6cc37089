package import Errors

extension ErrorCode {
  /// A study was still being written when it was claimed.
  package static let originalChanged = ErrorCode("E_ORIGINAL_CHANGED", .temporary)
}

/// One admitted study and its state: a row of the table `jobs`.
package struct Job: Sendable, Equatable {
  package let id: JobID
  /// Order of admission, from 1; gaps have no meaning.
  package internal(set) var sequence: Int64 = 0
  /// Counts the job's changes; a writer with a stale copy is refused.
  package internal(set) var epoch: Int64 = 0
  /// The dropped folder's name, percent-encoded where it is not clean UTF-8.
  package var study: String
  /// The study's name as bytes: the dropped folder's, or an archive's without its suffix.
  package var studyBytes: [UInt8]
  /// The path below the inbox where it is not just the name: an archive has a suffix, an urgent study is in `urgent`.
  package var entryBytes: [UInt8]?
  package internal(set) var state = JobState.claiming
  /// The state in which `publishing` ends; `needsReview` while a choice is open, also while the job is held.
  package var outcome: JobState?

  /// Number of runs started; names the work folder of a run.
  package var attempt = 0
  /// Runs that count against `max_attempts`.
  package var charges = 0
  /// Runs lost because the daemon died.
  package var interruptions = 0

  package internal(set) var created = Timestamp.now
  package internal(set) var updated = Timestamp.now
  /// When the first run started.
  package var started: Timestamp?
  /// When the final state was reached.
  package internal(set) var finished: Timestamp?

  /// Fingerprint of the listing that was claimed: names, sizes, times, inodes.
  package var listing = ""
  /// SHA-256 over the sorted SHA-256 of the files, with the contents of archives in place of the archives: the same
  /// content has the same digest under any names, packed or not. For an archive that could not be opened, and for one
  /// taken before archives were supported, the archive's own bytes are used.
  package var inputDigest: String?
  package var inputFiles: Int?
  package var inputBytes: Int64?

  package var error: JobError?

  /// The folder's name in the outbox.
  package var publishedAs: String?
  /// Where the dropped folder is now; nil while it is claimed. `inbox` from the beginning where it is never moved.
  package var originalAt: String?
  /// True when nothing of the job is left to clean up.
  package var swept = false
  /// The job that this one retries.
  package var retryOf: JobID?
  /// The operators' choices.
  package var choices: JobChoices?
  /// Fingerprint of a drop with `study.yaml` that is being added to the original.
  package var answer: String?

  /// The job whose result this one shares.
  package var duplicateOf: JobID?

  /// A finished job all of whose files are among this one's, which has more.
  package var supersedes: JobID?
  /// Runs before others, as far as fairness allows.
  package var isUrgent = false
  /// Computed despite an objection: who requested it, and why.
  package var forced: Forced?
  /// Estimated maximum of a run's address space in MiB; nil where it is unknown.
  package var memory: Int?

  /// The original stays in the inbox during the job and after it: the inbox is read-only, and a copy is computed.
  package var leavesOriginal: Bool { originalAt == Self.inInbox && !swept }

  /// The original changed after it was copied; it went back to the inbox to be computed again.
  package var hasChangedOriginal: Bool { error?.code == ErrorCode.originalChanged.name }

  /// The value of `originalAt` for an original in the inbox.
  package static let inInbox = "inbox"

  package init(id: JobID, study: String, studyBytes: [UInt8]) {
    self.id = id
    self.study = study
    self.studyBytes = studyBytes
  }
}

/// Why a job was refused or failed, as shown to users.
package struct JobError: Sendable, Equatable, Codable {
  /// `E_…`, see `docs/errors.md`.
  package var code: String
  package var message: String
  package var hint: String
  package var details: [String: String]

  package init(code: String, message: String, hint: String = "", details: [String: String] = [:]) {
    self.code = code
    self.message = message
    self.hint = hint
    self.details = details
  }
}

/// A request to compute a study although files of it cannot be read or it was computed before.
package struct Forced: Sendable, Equatable, Codable {
  /// `user:alice (1000)`, or `study.yaml`.
  package var by: String
  package var reason: String

  /// Nil without a reason, or with one that is longer than 500 characters.
  package init?(by: String, reason: String) {
    guard !reason.isEmpty, reason.count <= 500 else { return nil }
    self.by = by
    self.reason = reason
  }
}
