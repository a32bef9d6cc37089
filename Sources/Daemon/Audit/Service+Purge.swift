internal import Errors
internal import Files
internal import Glibc
internal import Intake
internal import Jobs

extension Service {
  /// Deletes the original of a finished job, away from the main thread.
  func purge(_ job: Job, actor: String) -> JobAnswer {
    guard job.swept, job.state.isFinal, let place = job.originalAt, place != Job.inInbox else {
      return JobAnswer(accepted: false, message: "no original of this job is in done or failed")
    }
    perform(sweepQueue) { [source] in .purged(job.id, actor: actor, Result { try source.delete(place) }) }
    return JobAnswer(accepted: true, message: "the original is being deleted")
  }

  func purged(_ id: JobID, _ actor: String, _ result: Result<Void, any Error>) throws {
    guard let job = try store.job(id) else { return }
    switch result {
    case .success:
      _ = try record { try store.amend(job, Change(.purged, actor: actor)) { $0.originalAt = nil } }
      log.info("PURGED", job: id)
    case .failure(let error):
      if error is SimulatedCrash { throw error }
      log.error("an original cannot be deleted: \(error)", job: id, code: ErrorCode.io.name)
    }
  }
}
