package import Configuration
package import Files
package import Intake
package import Jobs

/// One action that the coordinator requests. The effects of one event are carried out in order. A commit is done when
/// it is on disk; where one fails the rest is dropped and the daemon ends, so the world never runs ahead of the record.
package enum Effect: Sendable {
  // The record
  case commit(Commit)
  case note(Note)

  // The inbox
  case startWatcher(generation: Int)
  /// - Parameter restarts: it is killed, and started again when its end is reported.
  case stopWatcher(restarts: Bool)
  case list(ScanRequest)
  case remake(Scan)
  case makeUrgent
  case probe(InboxEntry, token: Int)
  case endProbe(InboxEntry, token: Int)

  // Private copies
  case measureSpace
  case take(Job, ArchivedContent?)
  case copyAgain(Job)
  case discardCopy(JobID)
  case discardClaim(JobID)
  case readInputs(of: [JobID], by: Job, inputs: [InputFile])

  // Runs
  case measureCapacity
  /// - Parameter mayPoint: whether an existing result of the same content may be used instead.
  case prepare(Job, mayPoint: Bool)
  /// - Parameter limit: MiB of address space; nil for no limit.
  case start(Job, RunHandle, memory: Int, limit: Int?)
  case cancel(RunHandle, KillReason)
  case verify(Job)

  // After the run
  case compare(Job, isFirst: Bool, isRemote: Bool)
  case publish(Job)
  case sweep(Job, OriginalsPolicy)
  case purge(Job, place: String, actor: String)
  case dropAgain(Redrop)

  // For people
  case answer(JobID, JobAnswer)
  case show(FileName, StatusBoard.Note)
  case clear(FileName)
  case close(FileName)
  case log(LogLine)
}

/// A transaction of one job.
package struct Commit: Sendable {
  package enum Kind: Sendable, Equatable {
    case insert, move, amend
    case withdraw(reason: String)
  }

  package var kind: Kind
  /// As the record has it; for an insertion as `after`.
  package var before: Job
  package var after: Job
  package var change: Change
  /// A user of this machine who is the actor: the name is looked up at the commit.
  package var user: UInt32?
}

/// An event of the daemon itself, for the record.
package struct Note: Sendable {
  package var kind: EventKind
  package var job: JobID?
  package var actor = "daemon"
  package var details: [String: String] = [:]
  /// Values that are kept by name.
  package var values: [String: String] = [:]
  /// The wall clock's time is appended to the values.
  package var appendsTime = false
  /// Without it nothing else may happen. Other events are lost where they cannot be written.
  package var isVital = true
}

/// A line of the log: never a name, a path inside a study or a value from a file.
package struct LogLine: Sendable, Equatable {
  package var level: LogLevel
  package var text: String
  package var job: JobID?
  package var code: String?
}
