internal import Configuration
internal import Errors
internal import Files
internal import Intake
internal import Jobs

/// Messages of other threads to the runtime.
enum Message: Sendable {
  case event(Coordinator.Event)
  /// A task on a queue has come to its end.
  case task(TaskEnd)
  case watcherEnded(generation: Int)
  case probeEnded(InboxEntry, token: Int)
  case signal(Int32)
  /// A large database was read through.
  case databaseChecked(isDamaged: Bool)

  enum TaskEnd: Sendable {
    case event(Coordinator.Event)
    /// The record has the facts that are missing in the event.
    case taken(Job, Result<PrivateCopy?, TakeFailure>)
    case purged(JobID, actor: String, Result<Void, any Error>)
    /// The files that a configuration names were loaded, or the reason why not.
    case configurationChecked(Configuration, StudyError?)
    case tidied
    /// A test lets the process end here.
    case crashed(any Error)
  }
}

/// Outcome of a task. The end of the process in a test is not a failure of the task: it ends everything.
func outcome<Value>(_ body: () throws -> Value) throws -> Result<Value, any Error> {
  do {
    return .success(try body())
  } catch let crash as SimulatedCrash {
    throw crash
  } catch {
    return .failure(error)
  }
}
