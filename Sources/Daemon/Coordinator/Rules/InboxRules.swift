internal import Configuration
internal import Errors
internal import Files
internal import Glibc
internal import Intake
internal import Jobs

/// When the inbox is listed, and the consequences of its listings. Events of the watcher are hints; listings are the
/// truth.
enum InboxRules {
  // MARK: The watcher

  static func superviseWatcher(_ core: inout Coordinator, _ now: BootTime) {
    guard let time = core.inbox.watcher.restartAt, time <= now else { return }
    startWatcher(&core)
  }

  static func startWatcher(_ core: inout Coordinator) {
    core.inbox.watcher.restartAt = nil
    guard core.options.hasWatcher, !core.isStopping else { return }
    core.inbox.watcher.generation += 1
    core.inbox.watcher.isRunning = true
    core.perform(.startWatcher(generation: core.inbox.watcher.generation))
  }

  private static func restartWatcher(_ core: inout Coordinator) {
    if core.inbox.watcher.isRunning { core.perform(.stopWatcher(restarts: true)) }
  }

  static func watched(_ core: inout Coordinator, _ generation: Int, _ records: [WatchRecord], _ now: BootTime) {
    guard generation == core.inbox.watcher.generation else { return }
    for record in records {
      switch record {
      case .watching:
        core.inbox.watcher.isWatching = true
        core.inbox.watcher.failures = 0
        core.inbox.listAll(at: now)
      case .event(let name):
        if core.inbox.settling.studies[name] != nil {
          core.inbox.settling.hint(name)
        } else {
          core.inbox.list(at: now + 0.05)
        }
      case .other: core.inbox.list(at: now + 0.05)
      case .overflow:
        core.log(.warning, "events were dropped; everything is listed")
        core.perform(.note(Note(kind: .overflow, isVital: false)))
        core.inbox.listAll(at: now)
      case .degraded(let reason):
        core.log(.warning, "not every folder can be watched: \(reason)")
        let details = ["reason": String(reason.prefix(200))]
        core.perform(.note(Note(kind: .watchDegraded, details: details, isVital: false)))
      case .lost: core.log(.warning, "the inbox was moved, deleted or unmounted")
      }
    }
  }

  static func watcherFailed(_ core: inout Coordinator, _ generation: Int, _ error: StudyError, _ now: BootTime) {
    guard generation == core.inbox.watcher.generation else { return }
    core.inbox.watcher.isRunning = false
    core.log(.error, "the watcher cannot be started: \(error.message)", code: error.code.name)
    core.inbox.watcher.restartAt = now + 60
  }

  static func watcherEnded(
    _ core: inout Coordinator, _ generation: Int, _ exit: Int32?, _ signal: Int32?, _ now: BootTime
  ) {
    guard generation == core.inbox.watcher.generation, core.inbox.watcher.isRunning else { return }
    core.inbox.watcher.isRunning = false
    core.inbox.watcher.isWatching = false
    guard !core.isStopping else { return }
    let delay = Backoff.watcher.delay(after: core.inbox.watcher.failures)
    core.inbox.watcher.failures += 1
    core.inbox.watcher.restartAt = now + delay
    core.log(
      .warning, "the watcher ended, exit \(exit ?? -1), signal \(signal ?? 0); restarted in \(Int(delay)) s")
    core.inbox.listAll(at: now)
  }

  // MARK: Listings

  /// Lists the due entries, unless a listing is under way.
  static func scan(_ core: inout Coordinator, _ now: BootTime) {
    let configuration = core.configuration
    if now >= core.inbox.rescanAt {
      // Without events the listing is all there is, so it comes more often.
      let rescan = core.inbox.isRemote ? min(configuration.rescan, 15) : configuration.rescan
      core.inbox.rescanAt =
        now + (core.inbox.watcher.isWatching ? rescan : min(rescan, max(1, configuration.settle)))
      core.inbox.settling.hint(nil)
      core.inbox.listAt = now
    }
    guard !core.inbox.isListing else { return }
    let wantsTop = core.inbox.listAt.map { $0 <= now } ?? false
    let due = core.inbox.isLost ? [] : core.inbox.settling.due(at: now)
    guard wantsTop || !due.isEmpty else { return }
    if wantsTop { core.inbox.listAt = nil }
    core.inbox.settling.listing(due)
    core.inbox.isListing = true
    core.inbox.listingBegan = now
    let entries = due.map {
      ScanRequest.Entry(name: $0, isClose: core.inbox.settling.wantsCloseLook($0, at: now))
    }
    core.perform(
      .list(ScanRequest(includesTop: wantsTop, entries: entries, asksForWriters: !core.inbox.isRemote)))
  }

  /// A file server that hangs holds the thread that lists the inbox, for as long as it likes. All other work continues.
  static func watchListing(_ core: inout Coordinator, _ now: BootTime) {
    let inbox = core.inbox
    guard inbox.isListing, !inbox.isStalled, now - inbox.listingBegan >= core.configuration.stall else { return }
    core.inbox.isStalled = true
    let seconds = Int(now - inbox.listingBegan)
    core.log(.error, "the inbox has not answered for \(seconds) s; its file server hangs", code: "INBOX_STALLED")
    core.perform(
      .note(
        Note(
          kind: .inboxStalled, details: ["seconds": String(seconds)],
          values: [JobStore.stallKey: "the inbox does not answer: a listing has been under way since "],
          appendsTime: true)))
  }

  static func scanned(_ core: inout Coordinator, _ scan: Scan, _ now: BootTime) {
    core.inbox.isListing = false
    if core.inbox.isStalled {
      core.inbox.isStalled = false
      let seconds = Int(now - core.inbox.listingBegan)
      core.log(.info, "the inbox answers again, after \(seconds) s")
      core.perform(
        .note(
          Note(
            kind: .resumed, details: ["what": "inbox", "seconds": String(seconds)], values: [JobStore.stallKey: ""],
            isVital: false)))
    }
    if case .success(let listing)? = scan.inbox, core.inbox.needsRemaking(listing, scan) {
      return core.perform(.remake(scan))
    }
    listed(&core, scan, isRemade: false)
  }

  /// - Parameter isRemade: the missing folders of the inbox were made.
  static func listed(_ core: inout Coordinator, _ scan: Scan, isRemade: Bool) {
    if let inbox = scan.inbox { listedTop(&core, inbox, scan, isRemade) }
    for (name, listing) in scan.listings {
      switch listing {
      case .success(let listing):
        if core.inbox.settling.listed(name, listing, at: scan.time) { core.inbox.requestProbe(name) }
      case .failure(let error) where error.code == EACCES || error.code == EPERM:
        var unreadable = Listing()
        unreadable.files = 1
        unreadable.unreadable = JobError(
          code: "E_PERMISSION", message: "the folder may not be read",
          hint: "give the daemon's group permission to read the study")
        _ = core.inbox.settling.listed(name, unreadable, at: scan.time)
      case .failure:
        // Renamed or removed between two looks, or the share is gone: the top of the inbox shows which.
        core.inbox.listAt = scan.time
      }
      core.showWaiting(name)
    }
  }

  private static func listedTop(
    _ core: inout Coordinator, _ result: Result<InboxListing, FileError>, _ scan: Scan, _ isRemade: Bool
  ) {
    guard case .success(let inbox) = result else { return lose(&core, "the inbox cannot be listed") }
    checkAccess(&core, scan, isRemade)
    if let known = core.inbox.identity,
      known != inbox.identity || !(scan.hasControl || isRemade || core.inbox.isReadOnly)
    {
      // Another device: the share is not mounted. The same device: the folder was made again.
      guard known.device == inbox.identity.device, core.inbox.isReadOnly || isRemade else {
        return lose(&core, "the inbox is another folder than before, perhaps the place below a lost mount")
      }
      replaced(&core)
    } else if isRemade, core.inbox.identity != nil, !scan.hasControl {
      replaced(&core)
    }
    core.inbox.identity = inbox.identity
    if core.inbox.isLost {
      core.inbox.isLost = false
      core.log(.info, "the inbox is back")
      core.perform(.note(Note(kind: .resumed, details: ["what": "inbox"], isVital: false)))
      restartWatcher(&core)
    }
    // A user has removed or renamed it.
    if !inbox.hasUrgent, !core.inbox.isReadOnly { core.perform(.makeUrgent) }
    listedEntries(&core, inbox, scan)
    listedStrays(&core, inbox)
  }

  private static func replaced(_ core: inout Coordinator) {
    core.log(.warning, "the inbox was replaced")
    core.perform(.note(Note(kind: .inboxReplaced, isVital: false)))
    restartWatcher(&core)
  }

  /// The inbox was mounted again, read-only or no longer so. One that can be written again gets its missing folders
  /// first.
  private static func checkAccess(_ core: inout Coordinator, _ scan: Scan, _ isRemade: Bool) {
    guard scan.isReadOnly != core.inbox.isReadOnly, scan.isReadOnly || scan.hasControl || isRemade else { return }
    core.inbox.isReadOnly = scan.isReadOnly
    noteAccess(&core, isVital: false)
  }

  /// Records how the inbox is served from now on.
  static func noteAccess(_ core: inout Coordinator, isVital: Bool) {
    let isReadOnly = core.inbox.isReadOnly
    core.log(
      .warning,
      isReadOnly
        ? "the inbox is read-only: studies are copied and stay where they are"
        : "the inbox can be written again: studies are moved out of it")
    core.perform(.note(Note(kind: .inboxReadOnly, details: ["read_only": String(isReadOnly)], isVital: isVital)))
  }

  private static func listedEntries(_ core: inout Coordinator, _ inbox: InboxListing, _ scan: Scan) {
    var studies = inbox.studies
    if let fault = inbox.urgentFault {
      // No entry counts as gone.
      studies += core.inbox.settling.studies.keys.filter(\.isUrgent)
      if !core.inbox.isUrgentLost {
        core.log(.error, "the folder urgent cannot be listed: \(fault)", code: ErrorCode.io.name)
      }
    }
    core.inbox.isUrgentLost = inbox.urgentFault != nil
    // An entry that is being taken, or was taken after this listing began, is not a new study.
    let present = studies.filter { (core.inbox.entries[$0]?.taken ?? -.infinity) < scan.began }
    let gone = core.inbox.settling.present(present, foremost: inbox.foremost, at: scan.time)
    core.inbox.update(present: present, archives: inbox.archives, listingBegan: scan.began)
    for name in gone { clearStatus(&core, of: name) }
    // An entry that was taken and stayed has its own status, unless its listing shows that it is another study by now.
    for name in present
    where !core.inbox.settling.hasKept(name)
      && core.inbox.settling.studies[name]?.listing.fingerprint.isEmpty ?? false
    {
      core.showWaiting(name)
    }
  }

  private static func listedStrays(_ core: inout Coordinator, _ inbox: InboxListing) {
    let now = Set(inbox.strays)
    for name in core.inbox.strays.subtracting(now) { core.perform(.clear(name)) }
    for name in now.subtracting(core.inbox.strays) {
      core.perform(
        .show(
          name,
          .init(
            "ignored", "only folders and archives (.zip, .tar, .tar.gz) are taken",
            hint: "put the files of the study into a folder of their own")))
    }
    core.inbox.strays = now
  }

  /// An entry left the inbox untaken. An archive's name is no longer known as one by then.
  private static func clearStatus(_ core: inout Coordinator, of entry: InboxEntry) {
    for name in Set([entry.name, entry.name.archiveTitle ?? entry.name]) {
      if let job = core.jobs.jobs.first(where: { $0.studyBytes == name.bytes }) {
        core.show(job)
      } else {
        core.perform(.clear(name))
      }
    }
  }

  /// No record is dropped: an entry that cannot be seen is not gone.
  private static func lose(_ core: inout Coordinator, _ why: String) {
    if !core.inbox.isLost {
      core.log(.error, why)
      core.perform(.note(Note(kind: .paused, details: ["what": "inbox"], isVital: false)))
    }
    core.inbox.isLost = true
  }
}
