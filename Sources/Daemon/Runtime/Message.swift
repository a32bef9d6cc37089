internal import Configuration
internal import Errors
internal import Files
internal import Intake
internal import Jobs

/// What other threads tell the runtime.
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
    /// What is missing in the event is on record.
    case taken(Job, Result<PrivateCopy?, TakeFailure>)
    case purged(JobID, actor: String, Result<Void, any Error>)
    /// What a configuration names was loaded, or why not.
    case configurationChecked(Configuration, StudyError?)
    case tidied
    /// A test lets the process end here.
    case crashed(any Error)
  }
}

/// What a task came to. The end of the process in a test is no failure of the task: it ends everything.
func outcome<Value>(_ body: () throws -> Value) throws -> Result<Value, any Error> {
  do {
    return .success(try body())
  } catch let crash as SimulatedCrash {
    throw crash
  } catch {
    return .failure(error)
  }
}
