internal import CLinux
package import Configuration
internal import Dispatch
internal import Errors
internal import Files
internal import Glibc
internal import Intake
internal import Jobs

/// The daemon: watches the inbox, admits studies, runs one worker a job, publishes.
///
/// One thread, the one that calls `run`, holds all state and writes the database; it never touches a study. Everything
/// that can take long (listing, copying, hashing, publishing, waiting for children) happens elsewhere and comes back as
/// a message. So no state is shared, and a file server that hangs stops one queue and not the service.
package final class Service {
  var configuration: Configuration
  let layout: Layout
  let options: ServiceOptions
  var log: Log
  let operations: any FileOperations
  let mailbox = Mailbox<Message>()
  let notifier = ServiceNotifier()
  let heartbeat: Heartbeat
  let claims: Claims
  let spool: Spool
  let source: any StudySource
  let sink: any ResultSink
  let executor: any JobExecutor
  let followers: FollowerRunner
  var worker: WorkerCommand

  let scanQueue = DispatchQueue(label: "radiomicsd.scan")
  let intakeQueue = DispatchQueue(label: "radiomicsd.intake")
  let checkQueue = DispatchQueue(label: "radiomicsd.check")
  let lookQueue = DispatchQueue(label: "radiomicsd.look")
  let publishQueue = DispatchQueue(label: "radiomicsd.publish")
  let sweepQueue = DispatchQueue(label: "radiomicsd.sweep")
  let status: StatusPoster

  let databaseWait = DatabaseWait()
  /// When to look whether the ballast is there.
  var ballastAt = 0.0

  /// Opened by `run`.
  var store: JobStore!

  // Studies in the inbox
  var settling: Settling
  var isScanning = false
  /// When the listing that is under way began.
  var scanBegan = 0.0
  /// It has not come back for too long.
  var isInboxStalled = false
  /// The top of the inbox is to be listed, at this time.
  var listInboxAt: Double? = 0
  var rescanAt = 0.0
  var inboxIdentity: InboxListing.Identity?
  var isInboxLost = false
  var isUrgentLost = false
  /// Studies are copied and stay where they are.
  var isInboxReadOnly = false
  /// Other machines write there: no events come, so it is listed more often.
  var isInboxRemote = false
  var strays: Set<FileName> = []
  var entries: [InboxEntry: EntryRecord] = [:]
  var watcher = WatcherState()
  /// Numbers given to probes, and to those that wait for one.
  var tokens = 0

  // Jobs
  var jobs = JobTable()
  var computing = Pause()
  var breaker: CrashBreaker
  var turns = Turns()
  var memory = MemoryTokens()
  /// The job of which was last said that it waits for memory.
  var memoryWait: JobID?
  var intakeTurns = Turns()
  var intake = Pause()
  /// Why intake pauses, for users.
  var intakeReason = ""
  var spaceAt = 0.0
  var space: FreeSpace?
  /// Why results cannot be published; nil while they can.
  var outboxFault: String?
  /// A comparison has not come back for too long: none is waited for.
  var isLookStuck = false

  // The service
  /// Tasks on the queues whose message has not come back.
  var inFlight = 0
  var isStopping = false
  var stopAt = 0.0
  var requestsAt = 0.0
  /// When runs are over their limits.
  var limitsAt: Double?
  /// The last event that followers were told of.
  var followed: Int64 = -1
  var aliveAt = 0.0
  var statusLine = ""
  var counters = MetricsCounters()
  var metrics: MetricsSocket?
  var metricsAt = 0.0
  /// When the database's files are looked at next.
  var recordAt = 0.0
  var mirrorFault: String?
  var walBytes: Int64 = 0
  var isWALLarge = false
  /// The last event of which an anchor was written.
  var anchored: Int64 = 0
  /// The last event of which this daemon knows that an anchor is on disk.
  var witnessed: Int64 = 0
  /// Wall clock less boot clock, in seconds, as last put on record.
  var clockOffset: Double?

  /// - Throws: `E_CONFIG` when a folder is not named.
  package init(_ configuration: Configuration, _ options: ServiceOptions) throws {
    self.configuration = configuration
    self.options = options
    log = options.log
    operations = options.operations
    layout = Layout(try configuration.folders())
    heartbeat = Heartbeat(String(decoding: layout.lock.bytes, as: UTF8.self))
    claims = Claims(layout, operations)
    spool = Spool(layout, operations)
    source = FolderSource(layout, operations, isReadOnly: options.isReadOnly)
    sink = OutboxSink(layout, operations)
    let report: @Sendable (RunHandle, RunNews) -> Void = { [mailbox] in mailbox.post(.run($0, $1)) }
    executor = options.executor?(report) ?? ProcessExecutor(report: report)
    followers = FollowerRunner(
      options.followers, database: String(decoding: layout.database.bytes, as: UTF8.self),
      cursors: FollowerCursors(state: layout.state, operations), pause: options.pause, log: options.log)
    worker = WorkerCommand(program: options.worker, configuration: configuration)
    breaker = CrashBreaker(limit: configuration.crashLimit, interval: configuration.crashProbe)
    settling = Settling(timing: Settling.Timing(settle: configuration.settle, incomplete: configuration.incomplete))
    status = StatusPoster(options.isReadOnly(layout.status) ? layout.spareStatus : layout.status) { [mailbox] in
      mailbox.post(.statusRemade)
    }
    computing.first = options.pause
    intake.first = options.pause
  }

  /// For a machine, share or outbox that is in the way.
  var backoff: Backoff { .machine(first: options.pause) }

  /// Stops a service that runs on another thread, as SIGTERM does.
  package var stopper: @Sendable () -> Void {
    let (mailbox, databaseWait) = (mailbox, databaseWait)
    return {
      databaseWait.stop()
      mailbox.post(.signal(SIGTERM))
    }
  }

  /// Runs until it is stopped.
  ///
  /// - Throws: `E_ALREADY_RUNNING`, `E_DATABASE…`, `E_IO` when it cannot start or its database fails. What was under way
  ///   then is taken up by the next start.
  package func run() throws {
    if options.handlesSignals {
      Signals.deliver([SIGTERM, SIGINT, SIGHUP, SIGUSR1]) { [mailbox, databaseWait] in
        if $0 == SIGTERM || $0 == SIGINT { databaseWait.stop() }
        mailbox.post(.signal($0))
      }
    }
    clinux_keep_capabilities_to_oneself()
    let sandbox = try checkSandbox()
    try refuseLinks()
    try checkStateFolder()
    try checkStatePermissions()
    do {
      try layout.makeStateFolders(operations)
    } catch let error as FileError {
      throw StudyError(.io, "the state folder cannot be made: \(error)", hint: "check its parent and permissions")
    }
    let lock = try InstanceLock(String(decoding: layout.lock.bytes, as: UTF8.self))
    try makeFolders()
    let tightened = tightenState()
    store = try openStorePatiently()
    store.wait(whileFull: fullDatabase)
    try checkChain()
    let facts = ["pid": String(getpid()), "sandbox": sandbox, "software": options.software]
    try record { try store.note(.daemonStarted, details: facts.merging(machine) { $1 }) }
    if let tightened { try record { try store.note(.stateTightened, details: tightened) } }
    if isInboxReadOnly { try noteReadOnly() }
    try snapshotConfiguration()
    try recordConfiguration()
    try restorePause()
    try startMetrics()
    try recover()
    try anchorChain(always: true)
    startWatcher()
    notifier.ready()
    log.info("started")
    while !isStopping || !isQuiet(at: BootClock.now) {
      for message in mailbox.take(within: waitTime(from: BootClock.now)) { try handle(message) }
      try tick(BootClock.now)
    }
    try record { try store.note(.daemonStopped, details: store.witnesses(anchored: witnessed)) }
    try anchorChain(always: true, isLast: true)
    followers.stop()
    try store.close()
    status.finish()
    metrics?.finish()
    log.info("stopped")
    _ = consume lock
  }

  /// Tells followers that there is something new on record.
  private func advanceFollowers() throws {
    guard !options.followers.isEmpty else { return }
    let head = try store.head()
    guard head != followed else { return }
    followed = head
    followers.advance()
  }

  func openStore() throws -> JobStore {
    let path = String(decoding: (layout.state / "jobs.sqlite").bytes, as: UTF8.self)
    let marker = layout.state / "initialised"
    let wasInitialised = marker.withCString { access($0, F_OK) } == 0
    if wasInitialised, access(path, F_OK) != 0 {
      throw StudyError(
        .databaseUnusable, "the job database is gone", file: path,
        hint: "radiomicsd recover makes it again; or restore a backup")
    }
    let store = try JobStore.writer(path)
    if !wasInitialised {
      try operations.write([], to: marker, mode: 0o600)
      try operations.sync(layout.state)
    }
    return store
  }

  private func handle(_ message: Message) throws {
    if message.isTask { inFlight -= 1 }
    switch message {
    case .watch(let generation, let records): watched(generation, records)
    case .watcherEnded(let generation): watcherEnded(generation)
    case .scanned(let scan): scanned(scan)
    case .probeEnded(let name, let token): probeEnded(name, token)
    case .claimed(let id, let result): try claimed(id, result)
    case .restored(let id, let result): try restored(id, result)
    case .run(let handle, .overTime): runIsLate(handle)
    case .run(let handle, .ended(let report)): try runEnded(handle, report)
    case .inspected(let id, let result): try inspected(id, result)
    case .looked(let id, let result): try looked(id, result)
    case .published(let id, let result): try published(id, result)
    case .swept(let id, let result): try swept(id, result)
    case .purged(let id, let actor, let result): try purged(id, actor, result)
    case .tidied: break
    case .statusRemade: try statusRemade()
    case .configurationChecked(let next, let fault): try configurationChecked(next, fault)
    case .databaseChecked(let isDamaged): try databaseChecked(isDamaged: isDamaged)
    case .signal(let number): try signalled(number)
    }
  }

  /// What time alone brings about.
  private func tick(_ now: Double) throws {
    if now >= aliveAt {
      notifier.alive()
      heartbeat.beat()
      aliveAt = now + min(notifier.watchdogInterval ?? Heartbeat.interval, Heartbeat.interval)
    }
    if OwnChildren.isFirstProcess { OwnChildren.reapOthers() }
    if now >= requestsAt {
      requestsAt = now + 0.5
      try takeRequests()
    }
    superviseWatcher(now)
    if !isStopping {
      scan(now)
      startProbes(now)
      retryForbidden(now)
      try takeStudies(now)
    }
    try anchorChain()
    try advanceFollowers()
    try checkBallast(now)
    try watchRecord(now)
    try watchClock(now)
    try watchInbox(now)
    publishMetrics(now)
    try resumeWaiting(now)
    limitLooks(now)
    try startJobs(now)
    limitsAt = executor.enforceLimits(at: now)
    if isStopping { stopWorkers(now) }
    let reviews = jobs.jobs.count { $0.state == .needsReview }
    let line =
      (isInboxStalled ? "the inbox does not answer; " : "") + (outboxFault.map { $0 + "; " } ?? "")
      + (breaker.isOpen ? "paused after crashes; " : "")
      + "\(jobs.runCount) running, \(jobs.queuedCount) queued, \(settling.studies.count) in the inbox"
      + (reviews > 0 ? ", \(reviews) in review" : "")
    if line != statusLine {
      statusLine = line
      notifier.status(line)
    }
  }

  /// Seconds until something is due.
  private func waitTime(from now: Double) -> Double {
    var next = min(requestsAt, now + 1)
    if !isStopping, !isScanning {
      if let due = settling.nextDue { next = min(next, due) }
      if let listInboxAt { next = min(next, listInboxAt) }
      next = min(next, rescanAt)
    }
    next = min(next, aliveAt)
    if let time = jobs.nextDeadline { next = min(next, time) }
    if let time = breaker.until, time > now { next = min(next, time) }
    if let time = entries.values.lazy.compactMap(\.probe?.deadline).min() { next = min(next, time) }
    if let limitsAt { next = min(next, limitsAt) }
    if let time = watcher.restartAt { next = min(next, time) }
    return max(0, next - now)
  }

  /// Runs a task on a queue; its message comes back to `handle`.
  func perform(_ queue: DispatchQueue, _ task: @escaping @Sendable () -> Message) {
    inFlight += 1
    queue.async { [mailbox] in mailbox.post(task()) }
  }

  /// A transaction, with the places before and after it where a test may stop.
  func record<Value>(_ transaction: () throws -> Value) throws -> Value {
    try operations.step()
    let value = try transaction()
    try operations.step()
    return value
  }

  /// Takes a job to another state and tells its user.
  @discardableResult
  func move(_ job: Job, to state: JobState, _ change: Change, _ edit: (inout Job) -> Void = { _ in }) throws -> Job {
    let next = try record { try store.move(job, to: state, change, edit) }
    jobs.put(next)
    counters.moved(job, to: next, change.kind, at: BootClock.now)
    log.info(change.kind.rawValue, job: job.id, code: next.state == .running ? nil : next.error?.code)
    show(next)
    return next
  }
}
