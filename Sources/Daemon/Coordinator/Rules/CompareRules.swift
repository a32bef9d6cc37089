internal import Configuration
internal import Errors
internal import Files
internal import Intake
internal import Jobs

/// The original of a job, compared with its private copy: before its result is published, and once more
/// `settle_seconds` after that. A writer that sets the final size of a file first, pauses for longer than that and
/// closes the file in between leaves no other sign; on a share of another machine there is no other sign at all.
///
/// An original that has changed goes back to the inbox and is a new job: nothing is published of the old one, or the new
/// result replaces the old one. The second comparison is not recorded: every job that is over and not swept still
/// needs it, whichever daemon is at work.
enum CompareRules {
  /// Whether a job's end depends on its study's content. A failed job has reported so already.
  static func isWanted(_ job: Job) -> Bool {
    let end = job.state == .publishing ? job.outcome : job.state
    return !job.hasChangedOriginal && [.done, .duplicate, .rejected].contains(end)
  }

  /// Compares before publishing; where the share does not answer the result is published, and the second comparison waits.
  static func beginFirst(_ core: inout Coordinator, _ job: Job, _ now: BootTime) {
    guard !core.inbox.isLost, !core.inbox.isStalled, !core.health.isComparisonStuck else {
      return publish(&core, job, now)
    }
    guard core.jobs[job.id]?.look == nil else { return }
    core.jobs[job.id]?.look = Look(isFirst: true, deadline: now + core.options.lookPatience)
    core.perform(.compare(job, isFirst: true, isRemote: core.inbox.isRemote))
  }

  /// The second comparison: `settle_seconds` after a job came to its end.
  static func awaitSecond(_ core: inout Coordinator, _ job: Job, _ now: BootTime) {
    guard isWanted(job) else { return SweepRules.begin(&core, job) }
    core.jobs[job.id]?.wake = now + core.configuration.settle
  }

  static func beginSecond(_ core: inout Coordinator, _ job: Job) {
    guard !core.isStopping, core.jobs[job.id]?.look == nil else { return }
    core.jobs[job.id]?.look = Look(isFirst: false, deadline: .infinity)
    core.perform(.compare(job, isFirst: false, isRemote: core.inbox.isRemote))
  }

  /// A share that does not answer holds up no result.
  static func limit(_ core: inout Coordinator, _ now: BootTime) {
    for (id, record) in core.jobs.records where record.look.map({ $0.deadline <= now }) ?? false {
      core.jobs[id]?.look = nil
      guard record.job.state == .publishing else { continue }
      if !core.health.isComparisonStuck {
        core.log(.warning, "an original cannot be compared: its share does not answer", job: id)
      }
      core.health.isComparisonStuck = true
      publish(&core, record.job, now)
    }
  }

  private static func publish(_ core: inout Coordinator, _ job: Job, _ now: BootTime) {
    core.jobs[job.id]?.isCompared = true
    PublishRules.begin(&core, job, now)
  }

  static func compared(
    _ core: inout Coordinator, _ id: JobID, _ isFirst: Bool, _ result: Result<OriginalCondition, any Error>,
    _ now: BootTime
  ) {
    core.health.isComparisonStuck = false
    // The answer to the first comparison may come when the second is under way: it is too old.
    guard let record = core.jobs[id], record.look?.isFirst == isFirst else { return }
    let job = record.job
    core.jobs[id]?.look = nil
    if isFirst {
      guard job.state == .publishing else { return }
      if case .success(.changed(let files)) = result { return withdrawChanged(&core, job, files, now) }
      return publish(&core, job, now)
    }
    guard job.state.isFinal else { return }
    switch result {
    case .success(.same), .success(.gone):
      core.jobs[id]?.failures = 0
      SweepRules.begin(&core, job)
    // The program that has it open may be about to change it.
    case .success(.open): core.jobs[id]?.wake = now + max(1, core.configuration.settle)
    case .success(.changed(let files)): outdate(&core, job, files, now)
    case .failure(let error):
      core.backOff(id, now)
      core.log(.error, "an original cannot be compared: \(error)", job: id, code: ErrorCode.io.name)
    }
  }

  /// The original changed before the publication: this job ends, and the study is taken again.
  private static func withdrawChanged(_ core: inout Coordinator, _ job: Job, _ files: Int, _ now: BootTime) {
    core.log(.warning, "the study changed while it was computed; it is computed again", job: job.id)
    var details = ["files": String(files), "moment": "before publication"]
    details["code"] = job.error?.code
    core.advance(job, .originalChanged, now, details: details) {
      $0.outcome = nil
      $0.error = changed(files, "while it was computed: nothing was published")
    }
  }

  /// It changed after that: the result is on record as outdated, and the study is taken again.
  private static func outdate(_ core: inout Coordinator, _ job: Job, _ files: Int, _ now: BootTime) {
    core.log(.warning, "the study changed after its result was published; it is computed again", job: job.id)
    var details = ["files": String(files), "moment": "after publication"]
    details["code"] = job.error?.code
    let next = core.advance(job, .originalChanged, now, details: details) {
      $0.error = changed(files, "after it was taken: what was published is not to be used")
    }
    if let next { core.show(next) }
  }

  private static func changed(_ files: Int, _ when: String) -> JobError {
    JobError(
      code: ErrorCode.originalChanged.name,
      message: "\(files) \(files == 1 ? "file" : "files") of the study changed \(when); it is computed again",
      hint: "nothing is to be done; copy under a name such as x.part and rename it, or end with a file READY")
  }
}
