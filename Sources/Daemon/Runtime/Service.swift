internal import CLinux
package import Configuration
internal import Errors
internal import Files
internal import Glibc
internal import Intake
internal import Jobs

/// The daemon: watches the inbox, admits studies, runs one worker per job, publishes.
///
/// This is its start and its end. `Coordinator` decides, `Runtime` carries out.
package final class Service {
  private let configuration: Configuration
  private let options: ServiceOptions
  private let layout: Layout
  private let mailbox = Mailbox<Message>()
  private let databaseWait = DatabaseWait()

  /// - Throws: `E_CONFIG` when a folder is not named.
  package init(_ configuration: Configuration, _ options: ServiceOptions) throws {
    self.configuration = configuration
    self.options = options
    layout = Layout(try configuration.folders())
  }

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
  /// - Throws: `E_ALREADY_RUNNING`, `E_DATABASE…`, `E_IO` when it cannot start or its database fails. The next start
  ///   takes up the operations under way.
  package func run() throws {
    if options.handlesSignals {
      Signals.deliver([SIGTERM, SIGINT, SIGHUP, SIGUSR1]) { [mailbox, databaseWait] in
        if $0 == SIGTERM || $0 == SIGINT { databaseWait.stop() }
        mailbox.post(.signal($0))
      }
    }
    clinux_keep_capabilities_to_oneself()
    let log = options.log
    let checks = StartChecks(configuration, options, layout)
    let sandbox = try checks.sandbox()
    try checks.refuseLinks()
    try checks.stateFolder()
    try checks.statePermissions()
    try checks.makeStateFolders()
    let lock = try InstanceLock(String(decoding: layout.lock.bytes, as: UTF8.self))
    let isReadOnly = try checks.makeFolders()
    let tightened = checks.tightenState()
    let signs = SignsOfLife(layout)
    let opening = DatabaseOpening(layout, options, databaseWait, signs)
    let store = try opening.open()
    let record = Record(store, options.operations)
    let chain = ChainKeeper(record, layout, log)
    try chain.check(mailbox: mailbox, whileLocked: opening.whileLocked)
    let identity = PipelineIdentity(configuration, software: options.software)
    let facts = ["pid": String(getpid()), "sandbox": sandbox, "software": options.software]
    try record.note(Note(kind: .daemonStarted, details: facts.merging(MachineFacts.all) { $1 }))
    if let tightened { try record.note(Note(kind: .stateTightened, details: tightened)) }

    let runtime = Runtime(
      configuration, options, layout, mailbox, record, signs, chain,
      coordinator: coordinatorOptions(isReadOnly: isReadOnly), databaseWait: databaseWait)
    if isReadOnly { try runtime.noteReadOnly() }
    try runtime.snapshotConfiguration()
    try identity.putOnRecord(record)
    try runtime.restorePauses()
    try runtime.startMetrics()
    try runtime.recover()
    try chain.anchor(always: true)
    try runtime.startWatcher()
    signs.notifier.ready()
    log.info("started")
    try runtime.loop()
    try record.note(Note(kind: .daemonStopped, details: store.witnesses(anchored: chain.witnessed)))
    try chain.anchor(always: true, isLast: true)
    try runtime.finish()
    log.info("stopped")
    _ = consume lock
  }

  private func coordinatorOptions(isReadOnly: Bool) -> Coordinator.Options {
    var decisions = Coordinator.Options()
    decisions.pause = options.pause
    decisions.lookPatience = options.lookPatience
    decisions.isReadOnly = isReadOnly
    decisions.isRemote = options.fileSystem(layout.inbox)?.isRemote ?? false
    decisions.hasWatcher = options.watcher != nil
    return decisions
  }
}
