/// A difference between the record and what was written, as `audit verify` finds it.
package struct ChainFault: Sendable, Equatable, CustomStringConvertible {
  package enum Kind: String, Sendable {
    /// A row's content does not match its hash.
    case edited
    /// Rows are missing.
    case removed
    /// A row does not continue the one before it: rows were exchanged, inserted, or rewritten.
    case notContinued = "not_continued"
    /// The chain ends before an anchor.
    case truncated
    /// The chain has another event where an anchor was taken.
    case rebuilt
    /// A job, its inputs or its result differ from the last event.
    case stateDiffers = "state_differs"
    /// The mirror of events differs from the chain, or has more events.
    case mirrorDiffers = "mirror_differs"
    /// A job has events and no row, or a row and no events.
    case jobMissing = "job_missing"
    /// A table, trigger, index or view was dropped, changed or added.
    case schemaDiffers = "schema_differs"
    /// The mirror or the daemon's own anchors are missing, or truncated, although the chain states that they were
    /// written.
    case witnessMissing = "witness_missing"
  }

  package var kind: Kind
  /// The event concerned, if there is one.
  package var sequence: Int64?
  /// The job concerned.
  package var job: String?
  package var message: String

  package init(_ kind: Kind, sequence: Int64? = nil, job: String? = nil, _ message: String) {
    self.kind = kind
    self.sequence = sequence
    self.job = job
    self.message = message
  }

  package var description: String {
    let place = sequence.map { "event \($0): " } ?? job.map { "job \($0): " } ?? ""
    return place + message
  }
}

/// The result of verifying the chain.
package struct ChainReport: Sendable, Equatable {
  /// Number of events read.
  package var events: Int64
  /// Sequence and hash of the last one.
  package var head: Int64
  package var hash: String
  package var jobs: Int
  /// Number of anchors compared with the chain.
  package var anchors: Int
  /// The first faults, at most `limit`.
  package var faults: [ChainFault]
  /// Events that are missing because the database was lost and rebuilt, as a RECOVERED event states.
  package var explained: [String] = []
  /// The event from which on the chain covers all rows; 1 except for a database from an older version.
  package var coveredSince: Int64 = 1
  /// Events of the mirror that were compared; nil without a mirror.
  package var mirrored: Int64?
  package static let limit = 50

  package var isSound: Bool { faults.isEmpty }
}
