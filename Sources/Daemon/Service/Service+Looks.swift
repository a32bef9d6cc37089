internal import Configuration
internal import Errors
internal import Files
internal import Glibc
internal import Intake
internal import Jobs

/// The original of a job, compared with what was copied of it: before its result is published, and once more
/// `settle_seconds` after that. A writer that gives a file its final size first, pauses for longer than that and closes the
/// file in between shows in nothing else; on a share of another machine nothing else can be seen at all.
///
/// An original that has changed goes back to the inbox and is a new job: nothing is published of the old one, or the new
/// result takes the place of the old one. The second look is not written down: a job that is over and not swept has it
/// before it, whichever daemon is at work.
extension Service {
  /// Whether a job's end depends on what its study held. One that failed has said so already.
  func wantsLook(_ job: Job) -> Bool {
    let end = job.state == .publishing ? job.outcome : job.state
    return !job.hasChangedOriginal && [.done, .duplicate, .rejected].contains(end)
  }

  /// Compares before publishing; where the share does not answer the result is published, and the second look waits for it.
  func beginFirstLook(_ job: Job) {
    let now = BootClock.now
    guard !isInboxLost, !isInboxStalled, !isLookStuck else { return publishUnlooked(job) }
    jobs[job.id]?.look = Look(isFirst: true, deadline: now + options.lookPatience)
    beginLook(job) { [sink] in (try? sink.published(job)) != nil }
  }

  /// The second look: `settle_seconds` after a job came to its end.
  func awaitSecondLook(_ job: Job) {
    guard wantsLook(job) else { return beginSweep(job) }
    jobs[job.id]?.wake = BootClock.now + configuration.settle
  }

  func beginSecondLook(_ job: Job) {
    guard !isStopping, jobs[job.id]?.look == nil else { return }
    jobs[job.id]?.look = Look(isFirst: false, deadline: .infinity)
    beginLook(job) { false }
  }

  /// - Parameter isPublished: its result is out already, so that the second look counts.
  private func beginLook(_ job: Job, unless isPublished: @escaping @Sendable () -> Bool) {
    perform(lookQueue) { [source, isInboxRemote] in
      .looked(
        job.id, Result { isPublished() ? .same : try source.compare(job, isRemote: isInboxRemote) })
    }
  }

  /// A share that does not answer holds up no result.
  func limitLooks(_ now: Double) {
    for (id, record) in jobs.records where record.look.map({ $0.deadline <= now }) ?? false {
      jobs[id]?.look = nil
      let job = record.job
      guard job.state == .publishing else { continue }
      if !isLookStuck { log.warning("an original cannot be compared: its share does not answer", job: id) }
      isLookStuck = true
      publishUnlooked(job)
    }
  }

  private func publishUnlooked(_ job: Job) {
    jobs[job.id]?.isCompared = true
    beginPublishing(job)
  }

  func looked(_ id: JobID, _ result: Result<OriginalCondition, any Error>) throws {
    isLookStuck = false
    guard let record = jobs[id], let look = record.look else { return }
    let job = record.job
    jobs[id]?.look = nil
    if case .failure(let error) = result, error is SimulatedCrash { throw error }
    if look.isFirst {
      guard job.state == .publishing else { return }
      if case .success(.changed(let files)) = result { return try withdrawChanged(job, files) }
      return publishUnlooked(job)
    }
    guard job.state.isFinal else { return }
    switch result {
    case .success(.same), .success(.gone):
      jobs[id]?.failures = 0
      beginSweep(job)
    // Whoever has it open may be about to change it.
    case .success(.open): jobs[id]?.wake = BootClock.now + max(1, configuration.settle)
    case .success(.changed(let files)): try outdate(job, files)
    case .failure(let error):
      jobs[id]?.failures += 1
      jobs[id]?.wake = BootClock.now + backoff.delay(after: record.failures)
      log.error("an original cannot be compared: \(error)", job: id, code: ErrorCode.io.name)
    }
  }

  /// The original changed before anything was published: this job ends, and the study is taken again.
  private func withdrawChanged(_ job: Job, _ files: Int) throws {
    log.warning("the study changed while it was computed; it is computed again", job: job.id)
    var details = ["files": String(files), "moment": "before publication"]
    details["code"] = job.error?.code
    let change = Change(.originalChanged, details: details)
    beginSweep(
      try move(job, to: .cancelled, change) {
        $0.outcome = nil
        $0.error = Self.changed(files, "while it was computed: nothing was published")
      })
  }

  /// It changed after that: the result is on record as outdated, and the study is taken again.
  private func outdate(_ job: Job, _ files: Int) throws {
    log.warning("the study changed after its result was published; it is computed again", job: job.id)
    var details = ["files": String(files), "moment": "after publication"]
    details["code"] = job.error?.code
    let next = try record {
      try store.amend(job, Change(.originalChanged, details: details)) {
        $0.error = Self.changed(files, "after it was taken: what was published is not to be used")
      }
    }
    jobs.put(next)
    show(next)
    beginSweep(next)
  }

  private static func changed(_ files: Int, _ when: String) -> JobError {
    JobError(
      code: ErrorCode.originalChanged.name,
      message: "\(files) \(files == 1 ? "file" : "files") of the study changed \(when); it is computed again",
      hint: "nothing is to be done; copy under a name such as x.part and rename it, or end with a file READY")
  }
}
