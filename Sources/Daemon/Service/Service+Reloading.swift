internal import Configuration
internal import Errors
internal import Files
internal import Foundation
internal import Glibc
internal import Hashing
internal import Intake
internal import Jobs

/// SIGHUP and SIGUSR1.
extension Service {
  /// Reads the configuration again. A file that is wrong changes nothing; keys that only a start can change are named.
  func reload() throws {
    guard let path = configuration.path else { return log.warning("there is no configuration file to read again") }
    let next: Configuration
    do throws(StudyError) {
      next = try Configuration.load(path)
      try Self.requireUnmoved(configuration, next)
    } catch {
      return try refuseReload(error)
    }
    // Models are verified, and a share may not answer: elsewhere.
    let folders = self.folders
    perform(checkQueue) { [check = options.check] in
      do {
        try Self.requireFolders(folders)
        try check(next)
        return .configurationChecked(next, nil)
      } catch let error as StudyError {
        return .configurationChecked(next, error)
      } catch {
        return .configurationChecked(next, StudyError(.configuration, "\(error)"))
      }
    }
  }

  private func refuseReload(_ error: StudyError) throws {
    let place = error.file.map { " (\($0.escapedForLine))" } ?? ""
    log.error("the configuration stays as it was: \(error.message.escapedForLine)\(place)", code: error.code.name)
    try record { try store.note(.reloadRefused, details: ["code": error.code.name]) }
  }

  /// By key.
  private var folders: [(key: String, path: Path)] {
    [
      ("inbox", layout.inbox), ("outbox", layout.outbox), ("state", layout.state), ("done", layout.done),
      ("failed", layout.failed), ("status", layout.status),
    ]
  }

  /// - Throws: `E_CONFIG` naming a folder that cannot be entered.
  private static func requireFolders(_ folders: [(key: String, path: Path)]) throws(StudyError) {
    for (key, path) in folders {
      var about = stat()
      var code: Int32 = 0
      if path.withCString({ stat($0, &about) }) != 0 {
        code = errno
      } else if about.st_mode & S_IFMT != S_IFDIR {
        code = ENOTDIR
      } else if path.withCString({ access($0, R_OK | X_OK) }) != 0 {
        code = errno
      }
      guard code == 0 else {
        throw StudyError(
          .configuration, "\(key): the folder cannot be used: \(String(cString: strerror(code)))",
          file: String(decoding: path.bytes, as: UTF8.self), hint: "make or mount it")
      }
    }
  }

  /// What the configuration names was loaded: it holds from now on; or it was not, and the one before stays.
  func configurationChecked(_ next: Configuration, _ fault: StudyError?) throws {
    if let fault { return try refuseReload(fault) }
    configuration = next
    log = log.with(level: next.logLevel)
    settling.timing = Settling.Timing(settle: next.settle, incomplete: next.incomplete)
    let wasOpen = breaker.isOpen
    breaker = CrashBreaker(limit: next.crashLimit, interval: next.crashProbe)
    if wasOpen { breaker.reopen(at: BootClock.now) }
    // Whoever mended the configuration does not want to wait for the end of the pause.
    computing.clear()
    try snapshotConfiguration()
    try recordConfiguration()
    listInboxAt = BootClock.now
    log.info("the configuration was read again")
  }

  /// - Throws: `E_CONFIG` naming keys that a running service cannot change.
  private static func requireUnmoved(_ old: Configuration, _ new: Configuration) throws(StudyError) {
    let fixed: [(String, Bool)] = [
      ("inbox", old.inbox == new.inbox), ("outbox", old.outbox == new.outbox), ("state", old.state == new.state),
      ("done", old.done == new.done), ("failed", old.failed == new.failed), ("status", old.status == new.status),
      ("metrics_socket", old.metricsSocket == new.metricsSocket), ("sandbox", old.sandbox == new.sandbox),
      ("state_permissions", old.statePermissions == new.statePermissions),
    ]
    let moved = fixed.filter { !$0.1 }.map(\.0)
    guard moved.isEmpty else {
      throw StudyError(
        .configuration, "a running daemon cannot change \(moved.joined(separator: ", "))", hint: "restart the service")
    }
  }

  /// Keeps the configuration as it was read: workers take that text, whatever becomes of the file meanwhile.
  func snapshotConfiguration() throws {
    worker = WorkerCommand(program: options.worker, configuration: configuration)
    guard configuration.path != nil else { return }
    let name = "configuration-\(sha256(configuration.text).prefix(16)).yaml"
    let place = layout.state / name
    if place.withCString({ access($0, F_OK) }) != 0 {
      let draft = layout.state / "configuration.tmp"
      try operations.remove(draft)
      try operations.write(Array(configuration.text.utf8), to: draft, mode: 0o600)
      try operations.rename(draft, to: place)
    }
    worker.snapshot = String(decoding: place.bytes, as: UTF8.self)
    // Workers that run may still read theirs: older copies go at the next start.
    guard jobs.runCount == 0, !entries.values.contains(where: { $0.probe != nil }) else { return }
    let state = String(decoding: layout.state.bytes, as: UTF8.self)
    for file in (try? FileManager.default.contentsOfDirectory(atPath: state)) ?? []
    where file.hasPrefix("configuration-") && file.hasSuffix(".yaml") && file != name {
      try operations.remove(layout.state / file)
    }
  }

  /// One line for each thing that is under way, for whoever wonders what the service waits for.
  func dump() {
    let now = BootClock.now
    log.info("state: \(statusLine)")
    for (id, run) in jobs.runs {
      log.info(
        "state: running for \(Int(now - run.began)) s, \(run.handle.executor), \(run.memory) MiB of \(memory.budget)",
        job: id)
    }
    for job in jobs.queued { log.info("state: queued", job: job.id) }
    for (id, record) in jobs.records {
      if let time = record.wake { log.info("state: goes on in \(Int(max(0, time - now))) s", job: id) }
    }
    log.info(
      "state: intake \(intake.until == nil ? "open" : "paused"), computing \(computing.until == nil ? "open" : "paused"),"
        + " crashes \(breaker.crashed.count), inbox \(isInboxLost ? "away" : "there"), tasks \(inFlight)")
  }

  /// With what a run begins, for the record.
  func startFacts(_ job: Job, isAlone: Bool) -> [String: String] {
    var facts = [
      "daemon": String(getpid()), "boot": Self.bootID, "pipeline": pipelineDigest(),
      "threads": String(configuration.threads), "clock": Self.clock,
    ]
    if executor.name != ProcessExecutor.name { facts["executor"] = executor.name }
    if isAlone { facts["memory"] = "alone, with more than before" }
    if job.isUrgent { facts["priority"] = "urgent" }
    if let forced = job.forced { facts["forced_by"] = forced.by }
    return facts
  }
}
