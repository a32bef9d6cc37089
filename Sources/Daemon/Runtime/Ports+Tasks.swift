internal import Configuration
internal import Errors
internal import Files
internal import Intake
internal import Jobs

/// Tasks on queues, a function per task; each returns its outcome.
extension Ports {
  func take(_ job: Job, _ content: ArchivedContent?, freeSpace: (Path) -> FreeSpace?) throws -> Message.TaskEnd {
    .taken(
      job,
      try outcome { try source.take(job, content: content) }.mapError {
        TakeFailure(error: $0, isTaken: source.hasTaken(job.id), space: freeSpace(layout.state))
      })
  }

  func copyAgain(_ job: Job, _ content: ArchivedContent?) throws -> Message.TaskEnd {
    .event(.copiedAgain(job.id, try outcome { try source.copyAgain(job, content: content) }))
  }

  func verify(_ job: Job) throws -> Message.TaskEnd {
    let result = try outcome { try ResultFolder.verify(output(job), job: job.id) }
    return .event(
      .verified(job.id, result, sandbox: WorkerSandboxRecord.details(in: layout.work(job.id, job.attempt))))
  }

  func compare(_ job: Job, isFirst: Bool, isRemote: Bool) throws -> Message.TaskEnd {
    let result = try outcome {
      // Where its result is published already the second comparison counts.
      if isFirst, (try? sink.published(job)) != nil { return OriginalCondition.same }
      return try source.compare(job, isRemote: isRemote)
    }
    return .event(.compared(job.id, isFirst: isFirst, result))
  }

  func publish(_ job: Job, original: Job?) throws -> Message.TaskEnd {
    let result = try outcome { try sink.publish(job, from: output(job), original: original) }.mapError { error in
      let mayBeLost = (error as? FileError)?.isMissing ?? (error is StudyError)
      return PublishFailure(
        error: error, isResultLost: mayBeLost && (try? ResultFolder.verify(output(job), job: job.id)) == nil)
    }
    return .event(.published(job.id, result))
  }

  func sweep(_ job: Job, _ policy: OriginalsPolicy) throws -> Message.TaskEnd {
    let result = try outcome {
      let place = try source.retire(job, policy)
      try spool.discard(job.id)
      for attempt in 0..<max(1, job.attempt) { try operations.remove(layout.work(job.id, attempt + 1)) }
      return place
    }
    return .event(.swept(job.id, result))
  }

  private func output(_ job: Job) -> Path { layout.output(job.id, job.attempt) }
}
