package import Configuration
package import Errors
package import Files
package import Intake
package import Jobs

/// Seconds of the boot clock: it goes on while the machine is suspended, and cannot be set.
package typealias BootTime = Double

extension Coordinator {
  /// Input of the coordinator. All its knowledge of the world comes in one of these.
  package enum Event: Sendable {
    /// Time has passed.
    case tick
    /// Recovery is over.
    case started
    case stop
    /// The inbox that is served is read-only.
    case openedReadOnly
    /// A new configuration applies from now on.
    case configured(Configuration)

    // Recovery, before anything else
    /// The last daemon had paused computing after crashes.
    case wasPaused
    /// Listings of originals in the inbox that are not taken again.
    case kept([(entry: InboxEntry, listing: String)])
    /// An unfinished job, with its files on disk.
    case found(Job, Finding)

    // The inbox
    case watched(generation: Int, [WatchRecord])
    case watcherFailed(generation: Int, StudyError)
    case watcherEnded(generation: Int, exit: Int32?, signal: Int32?)
    case scanned(Scan)
    /// The missing folders of a replaced inbox were made, or cannot be.
    case remade(Scan, isWhole: Bool)
    case probed(InboxEntry, token: Int, ProbeReport)
    case probeFailed(InboxEntry, token: Int, StudyError)

    // Private copies
    case spaceMeasured(FreeSpace?)
    /// The study was claimed and, unless it is refused, copied.
    case taken(JobID, Result<TakenCopy?, TakeFailure>)
    case copiedAgain(JobID, Result<PrivateCopy, any Error>)
    /// The files of jobs that may be superseded by one.
    case inputsRead(by: Job, inputs: [InputFile], of: [JobID: [InputFile]])

    // Runs
    case capacity(ExecutorCapacity)
    case prepared(JobID, Preparation)
    case startFailed(RunHandle, StudyError, at: Timestamp)
    case runIsLate(RunHandle)
    case runEnded(RunHandle, RunEnding)
    case verified(JobID, Result<VerifiedResult, any Error>, sandbox: [String: String])

    // After the run
    case compared(JobID, isFirst: Bool, Result<OriginalCondition, any Error>)
    case published(JobID, Result<Publication, PublishFailure>)
    case swept(JobID, Result<String?, any Error>)
    case purged(Job, actor: String, Result<Void, any Error>)

    // People
    case requested(JobID, JobRequest, Job?)
    case droppedAgain(Redrop, Result<Void, any Error>)
    case statusRemade
  }
}

/// Answer of a probe about a study.
package struct ProbeReport: Sendable {
  package var exit: Int32?
  package var signal: Int32?
  package var verdict: Settling.Verdict
  package var memory: Int?
  package var content: ArchivedContent?

  package init(
    exit: Int32?, signal: Int32?, verdict: Settling.Verdict, memory: Int? = nil, content: ArchivedContent? = nil
  ) {
    self.exit = exit
    self.signal = signal
    self.verdict = verdict
    self.memory = memory
    self.content = content
  }
}

/// A private copy that was made.
package struct TakenCopy: Sendable {
  package var copy: PrivateCopy
  /// A finished job that the new one replaces.
  package var supersedes: JobID?

  package init(copy: PrivateCopy, supersedes: JobID?) {
    self.copy = copy
    self.supersedes = supersedes
  }
}

/// A study could not be taken.
package struct TakeFailure: Error, Sendable {
  package var error: any Error
  /// The original has been claimed.
  package var isTaken: Bool
  /// Free space of the state folder's disk.
  package var space: FreeSpace?

  package init(error: any Error, isTaken: Bool, space: FreeSpace?) {
    self.error = error
    self.isTaken = isTaken
    self.space = space
  }
}

/// Findings before a run.
package struct Preparation: Sendable {
  package enum Readiness: Sendable {
    /// The work folder is made.
    case ready
    /// This job has the result already.
    case original(Job)
    /// The private copy is gone.
    case copyIsGone
    /// No work folder can be made.
    case noFolder(FileError)
  }

  package var readiness: Readiness
  /// The run's dependencies, for the record.
  package var facts: [String: String]
  package var time: Timestamp

  package init(readiness: Readiness, facts: [String: String], time: Timestamp) {
    self.readiness = readiness
    self.facts = facts
    self.time = time
  }
}

/// A run that ended, with its files.
package struct RunEnding: Sendable {
  package var report: RunReport
  /// `error.json`.
  package var error: JobError?
  package var needsReview: Bool
  package var time: Timestamp

  package init(report: RunReport, error: JobError? = nil, needsReview: Bool = false, time: Timestamp) {
    self.report = report
    self.error = error
    self.needsReview = needsReview
    self.time = time
  }
}

/// A result could not be published.
package struct PublishFailure: Error, Sendable {
  package var error: any Error
  /// The result is no longer in the work folder either.
  package var isResultLost: Bool

  package init(error: any Error, isResultLost: Bool) {
    self.error = error
    self.isResultLost = isResultLost
  }
}

/// The original of a finished job that is to be dropped again.
package struct Redrop: Sendable {
  package var request: JobID
  package var job: Job
  package var entry: InboxEntry
  package var place: String
  package var forced: Forced?
  package var actor: String
}

/// Files on disk of a job that an earlier daemon left.
package enum Finding: Sendable {
  case nothing
  /// The private copy where it is whole, and whether the original is claimed.
  case claim(TakenCopy?, isTaken: Bool)
  /// The run, its executor's report on it, and its result where it is whole.
  case run(Attempt, RunStatus, RunEnding?, VerifiedResult?, sandbox: [String: String])
  /// Whether the result is gone from the work folder and is not in the outbox.
  case publication(isLost: Bool)
}
