internal import Configuration
internal import Errors
internal import Files
internal import Intake
internal import Jobs

/// The only place where the coordinator changes a job, and where it informs people.
extension Coordinator {
  /// Takes a job a step further: the commit first, then its consequences. A turn that has no meaning in the job's state
  /// does nothing.
  ///
  /// - Parameters:
  ///   - user: a user of this machine who is the actor.
  ///   - edit: changes of the job besides its state.
  @discardableResult
  mutating func advance(
    _ job: Job, _ turn: StudyLifecycle.Turn, _ now: BootTime, details: [String: String] = [:], actor: String = "daemon",
    user: UInt32? = nil, inputs: [InputFile]? = nil, attempt: Attempt? = nil, result: ResultRecord? = nil,
    _ edit: (inout Job) -> Void = { _ in }
  ) -> Job? {
    // The record's version, whatever version the caller has.
    guard let job = jobs[job.id]?.job ?? (turn == .purged ? job : nil),
      let step = StudyLifecycle.step(job.state, turn), let state = step.to
    else { return nil }
    let next = job.moved(to: state, edit)
    let change = Change(step.kind, actor: actor, details: details, inputs: inputs, attempt: attempt, result: result)
    let kind: Commit.Kind = state == job.state ? .amend : .move
    perform(.commit(Commit(kind: kind, before: job, after: next, change: change, user: user)))
    if jobs[job.id] != nil { jobs.put(next) }
    if kind == .move {
      counters.moved(job, to: next, step.kind, at: now)
      log(.info, step.kind.rawValue, job: job.id, code: next.state == .running ? nil : next.error?.code)
      show(next)
    }
    follow(step.then, next, now)
    return next
  }

  private mutating func follow(_ action: StudyLifecycle.Action?, _ job: Job, _ now: BootTime) {
    switch action {
    case .copy: IntakeRules.begin(&self, job)
    case .enqueue: jobs[job.id]?.isQueued = true
    case .start: RunRules.launch(&self, job)
    case .copyAgain: perform(.copyAgain(job))
    case .lookForAnswer: ReviewRules.lookForAnswer(&self, job, now)
    case .publish: PublishRules.begin(&self, job, now)
    case .compareAgain: CompareRules.awaitSecond(&self, job, now)
    case .sweep: SweepRules.begin(&self, job)
    case .forget: jobs[job.id] = nil
    // The caller that makes a job wait knows for how long.
    case .wait, nil: break
    }
  }

  /// Admits a new job.
  mutating func insert(_ record: JobRecord, details: [String: String], _ now: BootTime) {
    guard let step = StudyLifecycle.step(nil, .taken) else { return }
    let job = record.job
    jobs[job.id] = record
    perform(.commit(Commit(kind: .insert, before: job, after: job, change: Change(step.kind, details: details))))
    counters.added(job, at: now)
    log(.info, step.kind.rawValue, job: job.id)
    follow(step.then, job, now)
  }

  /// Takes back a claim that took nothing.
  mutating func withdraw(_ job: Job, reason: String, _ now: BootTime) {
    guard let job = jobs[job.id]?.job, let step = StudyLifecycle.step(job.state, .withdrawn) else { return }
    let change = Change(step.kind)
    perform(.commit(Commit(kind: .withdraw(reason: reason), before: job, after: job, change: change)))
    counters.withdrawn(job)
    if job.leavesOriginal, let entry = job.entry { inbox.settling.keep(entry, listing: nil) }
    log(.info, step.kind.rawValue, job: job.id)
    follow(step.then, job, now)
  }

  /// A job ends without a result: the reason is published for the user.
  mutating func giveUp(_ job: Job, _ error: JobError, _ now: BootTime, attempt: Attempt? = nil) {
    advance(job, .gaveUp, now, details: ["code": error.code], attempt: attempt) {
      $0.outcome = .failed
      $0.error = error
    }
  }

  /// Tries again later: the machine, a share or the outbox is unavailable.
  mutating func backOff(_ id: JobID, _ now: BootTime) {
    let failures = jobs[id]?.failures ?? 0
    jobs[id]?.failures = failures + 1
    jobs[id]?.wake = now + Backoff.machine(first: options.pause).delay(after: failures)
  }

  // MARK: For people

  mutating func log(_ level: LogLevel, _ text: String, job: JobID? = nil, code: String? = nil) {
    perform(.log(LogLine(level: level, text: text, job: job, code: code)))
  }

  mutating func show(_ job: Job) {
    guard let name = FileName(job.studyBytes),
      let note = StatusNotes.note(of: job, pauseReason: scheduler.pauseReason)
    else { return }
    perform(.show(name, note))
  }

  mutating func show(_ job: Job, _ note: StatusBoard.Note) {
    if let name = FileName(job.studyBytes) { perform(.show(name, note)) }
  }

  /// Shows the state of a study in the inbox.
  mutating func showWaiting(_ entry: InboxEntry) {
    guard let study = inbox.settling.studies[entry] else { return }
    let name = inbox.title(entry)
    // A user who answers can read the question meanwhile.
    if let job = jobs.inReview(name) { return show(job) }
    if let note = StatusNotes.note(of: study, entry, self) { perform(.show(name, note)) }
  }

  /// In a line, for systemd.
  package var statusLine: String {
    let reviews = jobs.jobs.count { $0.state == .needsReview }
    return (inbox.isStalled ? "the inbox does not answer; " : "") + (health.outboxFault.map { $0 + "; " } ?? "")
      + (scheduler.breaker.isOpen ? "paused after crashes; " : "")
      + "\(jobs.runCount) running, \(jobs.queuedCount) queued, \(inbox.settling.studies.count) in the inbox"
      + (reviews > 0 ? ", \(reviews) in review" : "")
  }

  /// One line per operation under way.
  ///
  /// - Parameter tasks: number of tasks under way on queues.
  package func report(at now: BootTime, tasks: Int) -> [LogLine] {
    func line(_ text: String, _ job: JobID? = nil) -> LogLine {
      LogLine(level: .info, text: "state: " + text, job: job)
    }
    var lines = [line(statusLine)]
    for (id, run) in jobs.runs {
      let memory = "\(run.memory) MiB of \(scheduler.memory.budget)"
      lines.append(line("running for \(Int(now - run.began)) s, \(run.handle.executor), \(memory)", id))
    }
    for job in jobs.queued { lines.append(line("queued", job.id)) }
    for (id, record) in jobs.records {
      if let time = record.wake { lines.append(line("goes on in \(Int(max(0, time - now))) s", id)) }
    }
    lines.append(
      line(
        "intake \(gate.pause.until == nil ? "open" : "paused"),"
          + " computing \(scheduler.pause.until == nil ? "open" : "paused"),"
          + " crashes \(scheduler.breaker.crashed.count), inbox \(inbox.isLost ? "away" : "there"), tasks \(tasks)"))
    return lines
  }
}
