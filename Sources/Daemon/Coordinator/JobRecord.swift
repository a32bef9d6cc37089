internal import Files
internal import Intake
package import Jobs

/// State of one open job: its row, and its operations under way. Deleting the record deletes all of it.
package struct JobRecord: Sendable {
  /// As it was last committed.
  package internal(set) var job: Job
  /// It waits for a worker. A job in the state `queued` whose private copy is made again does not.
  var isQueued = false
  /// Its start is being prepared.
  var isPreparing = false
  /// Its worker.
  var run: Run?
  /// A run that ended well and whose result is being verified.
  var ended: Attempt?
  /// When to continue: the next run, or the next try to copy or publish it.
  var wake: BootTime?
  /// Consecutive failed tries to copy, publish or put away.
  var failures = 0
  /// It is being claimed and copied.
  var isClaiming = false
  /// Size of the files being copied.
  var claimedBytes: Int64 = 0
  /// Content of its archives by the probe.
  var archived: ArchivedContent?
  /// How often its private copy was made again because it was damaged.
  var copies = 0
  /// A comparison of its original that is under way.
  var look: Look?
  /// Its original was compared, or cannot be: it is published next.
  var isCompared = false
  /// The result of its content is gone from the outbox: it computes its own.
  var isComputedAnyway = false

  init(_ job: Job) { self.job = job }

  /// The operations under way, in words: two records of equal text behave alike.
  package var signature: String {
    let parts: [(Bool, String)] = [
      (isQueued, "queued"), (isPreparing, "preparing"), (run != nil, "runs"), (run?.isEnding ?? false, "ending"),
      (ended != nil, "ended"), (wake != nil, "waits"), (isClaiming, "claiming"), (isCompared, "compared"),
      (isComputedAnyway, "anyway"),
    ]
    let look = look.map { $0.isFirst ? "first" : "second" } ?? ""
    return "\(job.state.rawValue) \(job.outcome?.rawValue ?? "") \(job.attempt) \(job.charges) \(failures) \(copies) "
      + look + parts.filter(\.0).map(\.1).joined(separator: ",")
  }
}

/// A run under way.
struct Run: Sendable {
  var handle: RunHandle
  var attempt: Attempt
  var began: BootTime
  /// It was asked to end.
  var isEnding = false
  /// No other job may run beside it.
  var isAlone = false
  /// MiB of the budget that it has.
  var memory = 0
  /// MiB that it may use; `Int.max` where that is not limited.
  var token = 0
}

/// A comparison of an original with its private copy, under way.
struct Look: Sendable {
  /// Before the result is published, or once more after it was.
  var isFirst: Bool
  /// When a result is published without it: the second look decides.
  var deadline: BootTime
}
