package import Configuration
internal import Files
internal import Intake
package import Jobs

/// All decisions of the daemon: a value. It receives events (`Event`) and returns effects (`Effect`). There is
/// no clock, disk, database or log in it, so a test can play any order of events.
///
/// The transitions of a job are in the table `StudyLifecycle`; the rules that choose them are in `Rules`, one file per
/// part of a study's life. `Runtime` carries the effects out.
package struct Coordinator: Sendable {
  /// Settings besides the configuration.
  package struct Options: Sendable {
    /// Seconds of the first pause when the machine is at fault.
    package var pause = 30.0
    /// Seconds that the first comparison of an original is waited for.
    package var lookPatience = 15.0
    /// Name of the executor, and whether its runs outlive the daemon.
    package var executor = ProcessExecutor.name
    package var outlivesDaemon = false
    /// The inbox is mounted read-only; it is on a server.
    package var isReadOnly = false
    package var isRemote = false
    package var hasWatcher = true
    /// Makes the id of a new job.
    package var newID: @Sendable () -> JobID = { .new() }

    package init() {}
  }

  package internal(set) var configuration: Configuration
  let options: Options
  package internal(set) var inbox: InboxModel
  package internal(set) var jobs = JobTable()
  var scheduler: Scheduler
  var gate: IntakeGate
  var health = Health()
  var counters = MetricsCounters()
  /// Time of the last event.
  private var latest: BootTime = 0
  /// Effects of the event in hand.
  private var effects: [Effect] = []

  package init(_ configuration: Configuration, _ options: Options) {
    self.configuration = configuration
    self.options = options
    inbox = InboxModel(configuration, isReadOnly: options.isReadOnly, isRemote: options.isRemote)
    scheduler = Scheduler(configuration, pause: options.pause)
    gate = IntakeGate(pause: options.pause)
  }

  /// Decides the consequences of an event.
  package mutating func handle(_ event: Event, at now: BootTime) -> [Effect] {
    effects = []
    latest = max(latest, now)
    decide(event, now)
    defer { effects = [] }
    return effects
  }

  /// A commit is on disk: the record's own version of the job, with its times and its place in line.
  package mutating func committed(_ job: Job) {
    if jobs[job.id] != nil { jobs.put(job) }
  }

  /// When something is due without an event; nil where only an event can change anything.
  package var nextDeadline: BootTime? {
    let due = [jobs.nextDeadline, inbox.nextDeadline(isStopping: health.isStopping, stall: configuration.stall)]
    // The end of a pause changes nothing until another event comes.
    let pauses = [
      scheduler.breaker.until, scheduler.pause.until, gate.pause.until, inbox.lacksSpace ? gate.spaceUntil : nil,
      jobs.runCount > 0 ? health.stopAt : nil,
    ].filter { ($0 ?? 0) > latest }
    return (due + pauses).compactMap(\.self).filter { $0 < .infinity }.min()
  }

  /// No run is under way that ends with the daemon.
  var hasNoRuns: Bool { jobs.runCount == 0 || options.outlivesDaemon }
  /// Neither a run nor a probe is under way.
  var isIdle: Bool { hasNoRuns && inbox.probeCount == 0 }
  package var isStopping: Bool { health.isStopping }
  /// When it ends its runs, once it is stopping.
  var stopTime: BootTime { health.stopAt ?? .infinity }

  /// Jobs in each state that earlier daemons left.
  mutating func count(_ jobs: [JobState: Int]) { counters.jobs = jobs }

  private mutating func decide(_ event: Event, _ now: BootTime) {
    switch event {
    case .tick: tick(now)
    case .started: InboxRules.startWatcher(&self)
    case .stop: stop(now)
    case .openedReadOnly: InboxRules.noteAccess(&self, isVital: true)
    case .configured(let next): configure(next, now)
    case .wasPaused:
      log(.warning, "the last daemon had paused computing after crashes; one study is tried first")
      scheduler.breaker.reopen(at: now)
    case .kept(let listings): for (entry, listing) in listings { inbox.settling.keep(entry, listing: listing) }
    case .found(let job, let finding): RecoveryRules.found(&self, job, finding, now)

    case .watched(let generation, let records): InboxRules.watched(&self, generation, records, now)
    case .watcherFailed(let generation, let error): InboxRules.watcherFailed(&self, generation, error, now)
    case .watcherEnded(let generation, let exit, let signal):
      InboxRules.watcherEnded(&self, generation, exit, signal, now)
    case .scanned(let scan): InboxRules.scanned(&self, scan, now)
    case .remade(let scan, let isWhole): InboxRules.listed(&self, scan, isRemade: isWhole)
    case .probed(let entry, let token, let report): ProbeRules.probed(&self, entry, token, report, now)
    case .probeFailed(let entry, let token, let error): ProbeRules.failed(&self, entry, token, error, now)

    case .spaceMeasured(let space): IntakeRules.spaceMeasured(&self, space, now)
    case .taken(let id, let result): IntakeRules.taken(&self, id, result, now)
    case .copiedAgain(let id, let result): CopyRules.copied(&self, id, result, now)
    case .inputsRead(let job, let inputs, let others): ReviewRules.supersede(&self, job, inputs, others, now)

    case .capacity(let capacity): RunRules.measured(&self, capacity, now)
    case .prepared(let id, let preparation): RunRules.prepared(&self, id, preparation, now)
    case .startFailed(let run, let error, let time): RunRules.startFailed(&self, run, error, time, now)
    case .runIsLate(let run): RunRules.isLate(&self, run)
    case .runEnded(let run, let ending): RunEndRules.ended(&self, run, ending, now)
    case .verified(let id, let result, let sandbox): RunEndRules.verified(&self, id, result, sandbox, now)

    case .compared(let id, let isFirst, let result): CompareRules.compared(&self, id, isFirst, result, now)
    case .published(let id, let result): PublishRules.published(&self, id, result, now)
    case .swept(let id, let result): SweepRules.swept(&self, id, result, now)
    case .purged(let job, let actor, let result): SweepRules.purged(&self, job, actor, result, now)

    case .requested(let name, let request, let job): RequestRules.requested(&self, name, request, job, now)
    case .droppedAgain(let redrop, let result): RequestRules.droppedAgain(&self, redrop, result, now)
    case .statusRemade:
      log(.warning, "the folder of status files was gone; it was made again")
      perform(.note(Note(kind: .statusRemade)))
    }
  }

  /// Consequences of time alone.
  private mutating func tick(_ now: BootTime) {
    InboxRules.superviseWatcher(&self, now)
    if !isStopping {
      InboxRules.scan(&self, now)
      ProbeRules.start(&self, now)
      IntakeRules.retryForbidden(&self, now)
      IntakeRules.takeStudies(&self, now)
    }
    InboxRules.watchListing(&self, now)
    resumeWaiting(now)
    CompareRules.limit(&self, now)
    RunRules.startJobs(&self, now)
    RunRules.stopRuns(&self, now)
  }

  /// Continues with jobs whose time has come.
  private mutating func resumeWaiting(_ now: BootTime) {
    for id in jobs.due(at: now) {
      jobs[id]?.wake = nil
      guard let job = jobs[id]?.job else { continue }
      switch job.state {
      case .claiming: if !isStopping { IntakeRules.begin(&self, job) }
      case .retryWait: advance(job, .retryDue, now)
      case .publishing: PublishRules.begin(&self, job, now)
      case .done, .rejected, .duplicate, .failed, .cancelled:
        if CompareRules.isWanted(job) { CompareRules.beginSecond(&self, job) } else { SweepRules.begin(&self, job) }
      case .queued: CopyRules.resume(&self, job)
      case .running, .held, .needsReview: break
      }
    }
  }

  /// The first request lets running jobs continue for a while, the second does not.
  private mutating func stop(_ now: BootTime) {
    if isStopping {
      health.stopAt = now
      return
    }
    log(.info, "stopping")
    health.stopAt = now + configuration.stopGrace
    inbox.watcher.restartAt = nil
    perform(.stopWatcher(restarts: false))
    for (name, entry) in inbox.entries {
      if let probe = entry.probe { perform(.endProbe(name, token: probe.token)) }
    }
  }

  private mutating func configure(_ next: Configuration, _ now: BootTime) {
    configuration = next
    inbox.settling.timing = InboxModel.timing(next)
    scheduler.configure(next, at: now)
    inbox.listAt = now
  }

  mutating func perform(_ effect: Effect) { effects.append(effect) }
}
