/// The state of a job. The table of `successors` is the whole state machine; the store refuses every other step.
///
/// ```
/// claiming -> queued -> running -> publishing -> done | rejected | failed | duplicate
///     |        ^ ^ |      | |          ^  |
///     |        | | held   | retry_wait |  (result lost: queued)
///     +--------|-|--------|------------+
///              | +--------+ (interrupted)
///              +-- retry_wait, held            cancelled: from queued, running, retry_wait, held, needs-review;
///                                              from publishing where the original has changed meanwhile
///
/// running -> needs-review -> queued (an operator chose) | claiming (the user added study.yaml) | held
///                  ^----------------------------------------------------------------------------+
/// ```
package enum JobState: String, Sendable, Hashable, CaseIterable, Codable {
  /// The study is being taken from the inbox and copied. Commit 1 is the step to `queued`.
  case claiming
  /// Copied and hashed; waits for a worker.
  case queued
  /// A worker computes.
  case running
  /// The user-visible result is being moved into the outbox. Commit 2 is the step to a final state.
  case publishing
  /// A run crashed; the next one waits for its time.
  case retryWait = "retry_wait"
  /// The study is sound but requires a choice that only a person can make; its private copy waits for it.
  case needsReview = "needs-review"
  /// An operator stopped it.
  case held
  /// The result is in the outbox.
  case done
  /// The study cannot be used as it is; `error.json` is in the outbox.
  case rejected
  /// The software or the machine failed; the attempts are used up and `error.json` is in the outbox.
  case failed
  /// An operator cancelled it.
  case cancelled
  /// The same content was computed before; a pointer to that result is in the outbox.
  case duplicate

  /// The possible next states.
  package var successors: Set<JobState> {
    switch self {
    case .claiming: [.queued, .publishing]
    case .queued: [.running, .publishing, .held, .cancelled]
    case .running: [.publishing, .retryWait, .needsReview, .queued, .cancelled]
    case .publishing: [.done, .rejected, .failed, .duplicate, .queued, .cancelled]
    case .retryWait: [.queued, .held, .cancelled]
    case .needsReview: [.queued, .claiming, .held, .cancelled]
    case .held: [.queued, .needsReview, .cancelled]
    case .done, .rejected, .failed, .cancelled, .duplicate: []
    }
  }

  package var isFinal: Bool { successors.isEmpty }
}
