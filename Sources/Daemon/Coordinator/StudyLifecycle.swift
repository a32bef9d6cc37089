package import Jobs

/// The life of a study, in one table: the turns that a job can meet in each state, the commit, and the work
/// after the commit. `Coordinator` changes a job only by a row of this table; the store refuses any state not in
/// `JobState.successors`; `docs/lifecycle.md` is this table.
///
/// A study enters with `taken` and leaves with `swept` or `withdrawn`. States between the two durable commits (`copied`,
/// `published…`) may be lost with the daemon: `Recovery` then finds the proof on disk, or the row names the step to
/// repeat.
package enum StudyLifecycle {
  /// Something that happens to a job.
  package enum Turn: String, Sendable, CaseIterable {
    // Into private space
    case taken, copied, copyFound, refusedUnread, answerRefused, withdrawn
    // To a worker and back
    case started, sameResultExists, verified, resultFound, refused, choiceNeeded, runFailed, runDeferred, interrupted
    case inputDamaged, retryDue, gaveUp
    // Out
    case resultPublished, refusalPublished, failurePublished, pointerPublished, resultLost, pointerLost
    case originalChanged, swept, purged
    // By people
    case answered, resolved, superseded, held, released, releasedToChoice, retryRequested, cancelled
  }

  /// Work after the commit.
  package enum Action: String, Sendable, CaseIterable {
    /// Claims the study and makes the private copy.
    case copy
    /// Waits for a worker.
    case enqueue
    case start
    /// Makes the private copy again.
    case copyAgain
    /// Waits for `retry_seconds`, or until the machine's pause is over.
    case wait
    /// Checks again whether the inbox holds an answer.
    case lookForAnswer
    /// Compares with the original, then publishes.
    case publish
    /// Compares with the original once more after `settle_seconds`, then sweeps.
    case compareAgain
    /// Puts the original where the policy says, and deletes the private copy and the work folders.
    case sweep
    /// The record is deleted.
    case forget
  }

  package struct Step: Sendable, Equatable {
    /// The committed state; nil where the row is deleted.
    package var to: JobState?
    /// The event on record.
    package var kind: EventKind
    package var then: Action?

    init(_ to: JobState?, _ kind: EventKind, _ then: Action? = nil) {
      self.to = to
      self.kind = kind
      self.then = then
    }
  }

  /// Consequence of a turn for a job in a state; nil before there is a job. Nil where it has no meaning there: a late
  /// answer, or a request that comes too late.
  package static func step(_ state: JobState?, _ turn: Turn) -> Step? {
    switch (state, turn) {
    case (nil, .taken): Step(.claiming, .claiming, .copy)

    case (.claiming, .copied): Step(.queued, .admitted, .enqueue)
    case (.claiming, .copyFound): Step(.queued, .copyRecovered, .enqueue)
    case (.claiming, .refusedUnread): Step(.publishing, .refused, .publish)
    case (.claiming, .answerRefused): Step(.publishing, .refused, .publish)
    case (.claiming, .gaveUp): Step(.publishing, .gaveUp, .publish)
    case (.claiming, .withdrawn): Step(nil, .claimAborted, .forget)

    case (.queued, .started): Step(.running, .started, .start)
    case (.queued, .sameResultExists): Step(.publishing, .duplicate, .publish)
    case (.queued, .gaveUp): Step(.publishing, .gaveUp, .publish)
    case (.queued, .held): Step(.held, .held)
    case (.queued, .cancelled): Step(.cancelled, .cancelled, .sweep)

    case (.running, .verified): Step(.publishing, .computed, .publish)
    case (.running, .resultFound): Step(.publishing, .resultRecovered, .publish)
    case (.running, .refused): Step(.publishing, .refused, .publish)
    case (.running, .gaveUp): Step(.publishing, .gaveUp, .publish)
    case (.running, .choiceNeeded): Step(.needsReview, .needsReview, .lookForAnswer)
    case (.running, .runFailed): Step(.retryWait, .retrying, .wait)
    case (.running, .runDeferred): Step(.retryWait, .deferred, .wait)
    case (.running, .interrupted): Step(.queued, .interrupted, .enqueue)
    case (.running, .inputDamaged): Step(.queued, .inputChanged, .copyAgain)
    case (.running, .cancelled): Step(.cancelled, .cancelled, .sweep)

    case (.retryWait, .retryDue): Step(.queued, .requeued, .enqueue)
    case (.retryWait, .retryRequested): Step(.queued, .retryRequested, .enqueue)
    case (.retryWait, .held): Step(.held, .held)
    case (.retryWait, .cancelled): Step(.cancelled, .cancelled, .sweep)

    case (.publishing, .resultPublished): Step(.done, .published, .compareAgain)
    case (.publishing, .refusalPublished): Step(.rejected, .published, .compareAgain)
    case (.publishing, .failurePublished): Step(.failed, .published, .compareAgain)
    case (.publishing, .pointerPublished): Step(.duplicate, .published, .compareAgain)
    case (.publishing, .resultLost): Step(.queued, .resultLost, .enqueue)
    case (.publishing, .pointerLost): Step(.queued, .resultLost, .enqueue)
    case (.publishing, .originalChanged): Step(.cancelled, .originalChanged, .sweep)

    case (.needsReview, .answered): Step(.claiming, .answered, .copy)
    case (.needsReview, .resolved): Step(.queued, .resolved, .enqueue)
    case (.needsReview, .superseded): Step(.cancelled, .superseded, .sweep)
    case (.needsReview, .held): Step(.held, .held)
    case (.needsReview, .cancelled): Step(.cancelled, .cancelled, .sweep)

    case (.held, .released): Step(.queued, .released, .enqueue)
    case (.held, .releasedToChoice): Step(.needsReview, .released)
    case (.held, .cancelled): Step(.cancelled, .cancelled, .sweep)

    case (.done, .originalChanged): Step(.done, .originalChanged, .sweep)
    case (.rejected, .originalChanged): Step(.rejected, .originalChanged, .sweep)
    case (.duplicate, .originalChanged): Step(.duplicate, .originalChanged, .sweep)
    case (.done?, .swept), (.rejected?, .swept), (.failed?, .swept), (.cancelled?, .swept), (.duplicate?, .swept):
      Step(state, .swept, .forget)
    case (.done?, .purged), (.rejected?, .purged), (.failed?, .purged), (.cancelled?, .purged), (.duplicate?, .purged):
      Step(state, .purged)

    default: nil
    }
  }

  /// The turn of publication for a job's outcome.
  static func publication(of outcome: JobState?) -> Turn {
    switch outcome {
    case .done: .resultPublished
    case .rejected: .refusalPublished
    case .duplicate: .pointerPublished
    default: .failurePublished
    }
  }
}
