/// One way in which the record is not what was written: what `audit verify` finds.
public struct ChainFault: Sendable, Equatable, CustomStringConvertible {
  public enum Kind: String, Sendable {
    /// A row's content does not have its hash.
    case edited
    /// Rows are not there.
    case removed
    /// A row does not continue the one before it: rows were exchanged, put in, or written anew.
    case notContinued = "not_continued"
    /// The chain ends before an anchor.
    case truncated
    /// The chain has another event where an anchor was taken.
    case rebuilt
    /// A job, its inputs or its result are not what the last event says.
    case stateDiffers = "state_differs"
    /// The mirror of events says something else than the chain, or more.
    case mirrorDiffers = "mirror_differs"
    /// A job has events and no row, or a row and no events.
    case jobMissing = "job_missing"
    /// A table, trigger, index or view was dropped, changed or added.
    case schemaDiffers = "schema_differs"
    /// The mirror or the daemon's own anchors are gone, or cut, although the chain says that they were written.
    case witnessMissing = "witness_missing"
  }

  public var kind: Kind
  /// The event concerned, where it is one.
  public var sequence: Int64?
  /// The job concerned.
  public var job: String?
  public var message: String

  public init(_ kind: Kind, sequence: Int64? = nil, job: String? = nil, _ message: String) {
    self.kind = kind
    self.sequence = sequence
    self.job = job
    self.message = message
  }

  public var description: String {
    let place = sequence.map { "event \($0): " } ?? job.map { "job \($0): " } ?? ""
    return place + message
  }
}

/// What verifying the chain brought.
public struct ChainReport: Sendable, Equatable {
  /// Events that were read.
  public var events: Int64
  /// Sequence and hash of the last one.
  public var head: Int64
  public var hash: String
  public var jobs: Int
  /// Anchors the chain was held against.
  public var anchors: Int
  /// The first faults, at most `limit`.
  public var faults: [ChainFault]
  /// What is not there because the database was lost and made again, as a RECOVERED event says.
  public var explained: [String] = []
  /// The event from which on the chain covers all rows; 1 but for a database that an older version made.
  public var coveredSince: Int64 = 1
  /// Events of the mirror that were compared; nil without a mirror.
  public var mirrored: Int64?
  public static let limit = 50

  public var isSound: Bool { faults.isEmpty }
}
