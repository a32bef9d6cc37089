internal import Configuration
internal import Dispatch
internal import Errors
internal import Files
internal import Glibc
internal import Intake
internal import Jobs

/// Carries out the coordinator's decisions: one thread, the one that calls `loop`, feeds it events, writes the record
/// and never touches a study. All work that can take long (listing, copying, hashing, publishing, waiting for children)
/// happens on a queue or in a process and comes back as a message. So no state is shared, and a file server that hangs
/// stops one queue and not the service.
final class Runtime {
  private var coordinator: Coordinator
  let options: ServiceOptions
  let ports: Ports
  let queues = Queues()
  let record: Record
  private let watch: RecordWatch
  private let chain: ChainKeeper
  private let signs: SignsOfLife
  let mailbox: Mailbox<Message>
  let status: StatusPoster
  let probes: ProbeRunner
  let watcher = WatcherProcess()
  private let followers: FollowerRunner
  private(set) var log: Log
  private var clockwork = Clockwork()

  /// The runtime's own counts and deadlines.
  private struct Clockwork {
    /// Tasks on the queues whose message has not come back.
    var inFlight = 0
    var requestsAt = 0.0
    /// When runs are over their limits.
    var limitsAt: Double?
    var metrics: MetricsPublisher?
    /// The daemon's own copy of the configuration's text.
    var snapshot: String?
  }

  init(
    _ configuration: Configuration, _ options: ServiceOptions, _ layout: Layout, _ mailbox: Mailbox<Message>,
    _ record: Record, _ signs: SignsOfLife, _ chain: ChainKeeper, coordinator decisions: Coordinator.Options,
    databaseWait: DatabaseWait
  ) {
    self.options = options
    self.mailbox = mailbox
    self.record = record
    self.signs = signs
    self.chain = chain
    log = options.log
    ports = Ports(layout, options) { handle, news in
      switch news {
      case .overTime: mailbox.post(.event(.runIsLate(handle)))
      case .ended(let report):
        // The run's files are read here: they may be large.
        let ending = RunEnding(report, layout.output(handle.job, handle.attempt))
        mailbox.post(.event(.runEnded(handle, ending)))
      }
    }
    var decisions = decisions
    decisions.executor = ports.executor.name
    decisions.outlivesDaemon = ports.executor.outlivesDaemon
    coordinator = Coordinator(configuration, decisions)
    watch = RecordWatch(record, layout, options, databaseWait)
    status = StatusPoster(options.isReadOnly(layout.status) ? layout.spareStatus : layout.status) {
      mailbox.post(.event(.statusRemade))
    }
    probes = ProbeRunner(layout, options.operations) { mailbox.post(.probeEnded($0, token: $1)) }
    followers = FollowerRunner(
      options.followers, database: String(decoding: layout.database.bytes, as: UTF8.self),
      cursors: FollowerCursors(state: layout.state, options.operations), pause: options.pause, log: options.log)
  }

  var store: JobStore { record.store }
  var layout: Layout { ports.layout }
  var configuration: Configuration { coordinator.configuration }
  var worker: WorkerCommand {
    var command = WorkerCommand(program: options.worker, configuration: configuration)
    command.snapshot = clockwork.snapshot
    return command
  }

  // MARK: The loop

  /// Runs until it is asked to stop and no operation is under way any more.
  func loop() throws {
    while !coordinator.isStopping || !isQuiet(at: BootClock.now) {
      for message in mailbox.take(within: waitTime(from: BootClock.now)) { try receive(message) }
      try tick(BootClock.now)
    }
  }

  /// No operation is under way any more; a share that hangs is not waited for beyond 15 s.
  private func isQuiet(at now: Double) -> Bool {
    coordinator.hasNoRuns
      && ((clockwork.inFlight == 0 && coordinator.isIdle) || now > coordinator.stopTime + 15)
  }

  /// Seconds until an operation is due.
  private func waitTime(from now: Double) -> Double {
    let times = [clockwork.requestsAt, now + 1, signs.deadline, coordinator.nextDeadline, clockwork.limitsAt]
    return max(0, (times.compactMap(\.self).min() ?? now) - now)
  }

  private func tick(_ now: Double) throws {
    signs.give(at: now)
    if OwnChildren.isFirstProcess { OwnChildren.reapOthers() }
    if now >= clockwork.requestsAt {
      clockwork.requestsAt = now + 0.5
      for (name, request) in requests.pending() {
        try tell(.requested(name, request, try JobID(request.job).flatMap { try store.job($0) }))
      }
    }
    try tell(.tick)
    try chain.anchor()
    try followers.advance(in: store)
    if try watch.look(at: now) { status.mend() }
    clockwork.metrics?.publish(coordinator, watch, chain, at: now)
    clockwork.limitsAt = ports.executor.enforceLimits(at: now)
    signs.show(coordinator.statusLine)
  }

  var requests: RequestFolder { RequestFolder(state: String(decoding: layout.state.bytes, as: UTF8.self)) }

  private func receive(_ message: Message) throws {
    switch message {
    case .event(let event): try tell(event)
    case .task(let end):
      clockwork.inFlight -= 1
      try taskEnded(end)
    case .watcherEnded(let generation):
      guard let end = watcher.reap() else { return }
      try tell(.watcherEnded(generation: generation, exit: end.exit, signal: end.signal))
    case .probeEnded(let entry, let token):
      guard let report = probes.report(token) else { return }
      perform(queues.sweep) { [operations = ports.operations, folder = probes.folder(token)] in
        try? operations.remove(folder)
        return .tidied
      }
      try tell(.probed(entry, token: token, report))
    case .signal(SIGHUP): try reload()
    case .signal(SIGUSR1):
      for line in coordinator.report(at: BootClock.now, tasks: clockwork.inFlight) { log.write(line) }
    case .signal:
      if !coordinator.isStopping {
        signs.notifier.stopping()
        // Workers that must be killed and a share that hangs take their time beyond the grace.
        signs.notifier.extend(seconds: configuration.stopGrace + 30)
      }
      try tell(.stop)
    case .databaseChecked(let isDamaged):
      guard isDamaged else { return log.info("the job database is whole") }
      throw StudyError(
        .databaseUnusable, "the job database is damaged",
        file: String(decoding: layout.database.bytes, as: UTF8.self), hint: "radiomicsd recover makes it again")
    }
  }

  private func taskEnded(_ end: Message.TaskEnd) throws {
    switch end {
    case .event(let event): try tell(event)
    case .taken(let job, let result):
      switch result {
      case .success(let copy):
        let taken = try copy.map { TakenCopy(copy: $0, supersedes: try store.predecessor(of: job, $0.inputs)) }
        try tell(.taken(job.id, .success(taken)))
      case .failure(let failure): try tell(.taken(job.id, .failure(failure)))
      }
    case .purged(let id, let actor, let result):
      if let job = try store.job(id) { try tell(.purged(job, actor: actor, result)) }
    case .configurationChecked(let next, let fault):
      if let fault { return try refuseReload(fault) }
      try tell(.configured(next))
      log = log.with(level: next.logLevel)
      try snapshotConfiguration()
      try PipelineIdentity(next, software: options.software).putOnRecord(record)
      log.info("the configuration was read again")
    case .tidied: break
    case .crashed(let error): throw error
    }
  }

  /// Passes an event to the coordinator and carries out its effects: in order, the record first. Where a commit fails
  /// the rest is dropped, and with it the daemon; the next one finds out how far it came.
  func tell(_ event: Coordinator.Event) throws {
    var events = [event]
    while !events.isEmpty {
      let next = events.removeFirst()
      for effect in coordinator.handle(next, at: BootClock.now) {
        if case .commit(let commit) = effect {
          if let job = try record.commit(commit) { coordinator.committed(job) }
        } else if let answer = try carryOut(effect) {
          events.append(answer)
        }
      }
    }
  }

  /// Runs a task on a queue; its message comes back to `taskEnded`.
  func perform(_ queue: DispatchQueue, _ task: @escaping @Sendable () throws -> Message.TaskEnd) {
    clockwork.inFlight += 1
    queue.async { [mailbox] in
      do {
        mailbox.post(.task(try task()))
      } catch {
        mailbox.post(.task(.crashed(error)))
      }
    }
  }

  // MARK: Start and end

  /// Takes up the jobs of the last daemon.
  func recover() throws {
    try Recovery(ports: ports, store: store, log: log).run(signs, tell: tell) { coordinator.jobs }
  }

  /// A fault that the last daemon reported may be over.
  func restorePauses() throws {
    if try store.outboxReason() != nil { try store.setValue(JobStore.outboxKey, "") }
    if try store.stallReason() != nil { try store.setValue(JobStore.stallKey, "") }
    guard let reason = try store.value(JobStore.pauseKey), !reason.isEmpty else { return }
    try tell(.wasPaused)
  }

  func noteReadOnly() throws { try tell(.openedReadOnly) }

  func startWatcher() throws {
    if options.watcher == nil { log.warning("no radiomicsd-watch: the inbox is listed every few seconds instead") }
    try tell(.started)
  }

  func finish() throws {
    followers.stop()
    try store.close()
    status.finish()
    clockwork.metrics?.finish()
  }

  // MARK: Configuration

  /// A file that is wrong changes nothing; keys that only a start can change are named.
  private func reload() throws {
    guard let path = configuration.path else { return log.warning("there is no configuration file to read again") }
    let next: Configuration
    do throws(StudyError) {
      next = try ConfigurationReload.read(path, after: configuration)
    } catch {
      return try refuseReload(error)
    }
    perform(queues.check) { [layout, check = options.check] in
      .configurationChecked(next, ConfigurationReload.fault(next, layout, check))
    }
  }

  private func refuseReload(_ error: StudyError) throws {
    let place = error.file.map { " (\($0.escapedForLine))" } ?? ""
    log.error("the configuration stays as it was: \(error.message.escapedForLine)\(place)", code: error.code.name)
    try record.note(Note(kind: .reloadRefused, details: ["code": error.code.name]))
  }

  func snapshotConfiguration() throws {
    clockwork.snapshot = try ConfigurationReload.snapshot(
      configuration, layout, ports.operations, removesOlder: coordinator.jobs.runCount == 0 && coordinator.isIdle)
  }

  // MARK: Metrics

  /// - Throws: `E_IO` where the socket cannot be made.
  func startMetrics() throws {
    coordinator.count(try store.counts())
    guard let path = configuration.metricsSocket else { return }
    let metrics = try MetricsPublisher(path, layout, software: options.software)
    clockwork.metrics = metrics
    metrics.publish(coordinator, watch, chain, at: BootClock.now)
    metrics.serve()
  }
}
