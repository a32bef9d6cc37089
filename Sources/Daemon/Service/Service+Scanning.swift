internal import Configuration
internal import Documents
internal import Errors
internal import Files
internal import Glibc
internal import Intake
internal import Jobs

extension Service {
  /// Lists what is due, unless a listing is under way.
  func scan(_ now: Double) {
    if now >= rescanAt {
      // Without events the listing is all there is, so it comes more often.
      let rescan = isInboxRemote ? min(configuration.rescan, 15) : configuration.rescan
      rescanAt = now + (watcher.isWatching ? rescan : min(rescan, max(1, configuration.settle)))
      settling.hint(nil)
      listInboxAt = now
    }
    guard !isScanning else { return }
    let wantsInbox = listInboxAt.map { $0 <= now } ?? false
    let due = isInboxLost ? [] : settling.due(at: now)
    guard wantsInbox || !due.isEmpty else { return }
    if wantsInbox { listInboxAt = nil }
    settling.listing(due)
    isScanning = true
    scanBegan = now
    let request = ScanRequest(
      includesTop: wantsInbox,
      entries: due.map { ScanRequest.Entry(name: $0, isClose: settling.wantsCloseLook($0, at: now)) },
      asksForWriters: !isInboxRemote)
    perform(scanQueue) { [source] in .scanned(source.scan(request)) }
  }

  func scanned(_ scan: Scan) {
    noteAnswer()
    if let inbox = scan.inbox { listedInbox(inbox, scan) }
    for (name, listing) in scan.listings {
      switch listing {
      case .success(let listing):
        if settling.listed(name, listing, at: scan.time) { requestProbe(name) }
      case .failure(let error) where error.code == EACCES || error.code == EPERM:
        var unreadable = Listing()
        unreadable.files = 1
        unreadable.unreadable = JobError(
          code: "E_PERMISSION", message: "the folder may not be read",
          hint: "give the daemon's group permission to read the study")
        _ = settling.listed(name, unreadable, at: scan.time)
      case .failure:
        // Renamed or removed between two looks, or the share is gone: the top of the inbox tells.
        listInboxAt = scan.time
      }
      showWaiting(name)
    }
  }

  private func listedInbox(_ result: Result<InboxListing, FileError>, _ scan: Scan) {
    guard case .success(let inbox) = result else {
      loseInbox("the inbox cannot be listed")
      return
    }
    checkAccess(scan)
    if let known = inboxIdentity, known != inbox.identity || !(scan.hasControl || isInboxReadOnly) {
      // Another device: the share is not mounted. The same device: somebody made the folder anew.
      guard known.device == inbox.identity.device, isInboxReadOnly || source.remake() else {
        loseInbox("the inbox is another folder than before, perhaps the place below a lost mount")
        return
      }
      log.warning("the inbox was replaced")
      try? store.note(.inboxReplaced)
      restartWatcher()
    }
    inboxIdentity = inbox.identity
    if isInboxLost {
      isInboxLost = false
      log.info("the inbox is back")
      try? store.note(.resumed, details: ["what": "inbox"])
      restartWatcher()
    }
    // Somebody has removed or renamed it.
    if !inbox.hasUrgent, !isInboxReadOnly { source.makeUrgent() }
    // What is being taken, or was taken after this listing began, is no new study.
    var studies = inbox.studies
    if let fault = inbox.urgentFault {
      // Nothing in it is taken for gone.
      studies += settling.studies.keys.filter(\.isUrgent)
      if !isUrgentLost { log.error("the folder urgent cannot be listed: \(fault)", code: ErrorCode.io.name) }
    }
    isUrgentLost = inbox.urgentFault != nil
    let present = studies.filter { entries[$0]?.taken ?? 0 < scan.began }
    let gone = settling.present(present, foremost: inbox.foremost, at: scan.time)
    updateEntries(present, inbox.archives, scan)
    for name in gone { clearStatus(of: name) }
    // What was taken and stayed has its own status, unless its listing says that it is another study by now.
    for name in present where !settling.hasKept(name) && settling.studies[name]?.listing.fingerprint.isEmpty ?? false {
      showWaiting(name)
    }
    let now = Set(inbox.strays)
    for name in strays.subtracting(now) { status.clear(name) }
    for name in now.subtracting(strays) {
      status.show(
        name,
        .init(
          "ignored", "only folders and archives (.zip, .tar, .tar.gz) are taken",
          hint: "put the files of the study into a folder of their own"))
    }
    strays = now
  }

  /// One record for each entry that is there. An entry that is gone has none, unless something is under way for it.
  private func updateEntries(_ present: [InboxEntry], _ archives: Set<InboxEntry>, _ scan: Scan) {
    let isThere = Set(present)
    for name in present where entries[name] == nil { entries[name] = EntryRecord() }
    for (name, entry) in entries {
      entries[name]?.isArchive = archives.contains(name)
      if let taken = entry.taken, taken < scan.began { entries[name]?.taken = nil }
      guard !isThere.contains(name) else { continue }
      entries[name]?.forgetContent()
      if !entry.outlives(listing: scan.began), !(isUrgentLost && name.isUrgent) { entries[name] = nil }
    }
  }

  /// An entry left the inbox untaken. An archive's name is no longer known as one by then.
  private func clearStatus(of entry: InboxEntry) {
    for name in Set([entry.name, entry.name.archiveTitle ?? entry.name]) {
      if let job = jobs.jobs.first(where: { $0.studyBytes == name.bytes }) { show(job) } else { status.clear(name) }
    }
  }

  /// Nothing is forgotten: what cannot be seen is not gone.
  private func loseInbox(_ why: String) {
    if !isInboxLost {
      log.error(why)
      try? store.note(.paused, details: ["what": "inbox"])
    }
    isInboxLost = true
  }

  // MARK: Probes

  func startProbes(_ now: Double) {
    var count = 0
    for (name, entry) in entries {
      guard let probe = entry.probe else { continue }
      count += 1
      guard probe.deadline <= now else { continue }
      probe.child.signal(SIGKILL)
      entries[name]?.probe?.deadline = now + 10
    }
    let waiting = entries.filter { $0.value.probe == nil }
      .compactMap { name, entry in entry.probeTurn.map { (name: name, turn: $0) } }
    for (name, _) in waiting.sorted(by: { $0.turn < $1.turn }).prefix(max(0, max(2, configuration.maxJobs) - count)) {
      entries[name]?.probeTurn = nil
      startProbe(name, now)
    }
  }

  private func requestProbe(_ name: InboxEntry) {
    tokens += 1
    entries[name, default: EntryRecord()].probeTurn = tokens
  }

  private func startProbe(_ name: InboxEntry, _ now: Double) {
    guard let study = settling.studies[name] else { return }
    let output = ChildOutput(limit: 1 << 20)
    tokens += 1
    let token = tokens
    // Archives are opened here.
    let folder = layout.work / "probe.\(token)"
    do {
      try? operations.remove(folder)
      try? operations.makeFolder(folder, mode: 0o700)
      let child = try Child.start(
        try worker.probe(layout.inbox / name, in: folder), folder: folder, output: { output.append($0) },
        ended: { [mailbox] in mailbox.post(.probeEnded(name, token: token)) })
      entries[name, default: EntryRecord()].probe = Probe(
        child: child, token: token, fingerprint: study.listing.fingerprint,
        deadline: now + min(configuration.timeLimit, 300), output: output)
    } catch {
      log.error("a probe cannot be started: \(error.message)", code: error.code.name)
      settling.probed(name, fingerprint: study.listing.fingerprint, .unknown, at: now)
    }
  }

  func probeEnded(_ name: InboxEntry, _ token: Int) {
    guard let probe = entries[name]?.probe, probe.token == token else { return }
    let end = probe.child.reap()
    entries[name]?.probe = nil
    perform(sweepQueue) { [operations, folder = layout.work / "probe.\(token)"] in
      try? operations.remove(folder)
      return .tidied
    }
    // The entry is another one by now, and waits for a probe of its own.
    guard entries[name]?.probeTurn == nil else { return }
    var verdict = ProbeAnswer.verdict(exit: end.exit, output: probe.output.contents)
    entries[name]?.estimate = ProbeAnswer.memory(exit: end.exit, output: probe.output.contents)
    entries[name]?.content = ProbeAnswer.content(probe.output.contents).map { (probe.fingerprint, $0) }
    // A choice and no series: what a job of that name waits for.
    if case .incomplete(let error) = verdict, error.code == "E_NO_SERIES", jobs.inReview(name.name) != nil,
      settling.studies[name]?.listing.choicesOwner != nil, !isInboxReadOnly
    {
      entries[name]?.answer = probe.fingerprint
      verdict = .complete
    }
    if verdict == .unknown { log.warning("a probe failed, exit \(end.exit ?? -1), signal \(end.signal ?? 0)") }
    settling.probed(name, fingerprint: probe.fingerprint, verdict, at: BootClock.now)
    showWaiting(name)
  }
}
