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
    let (inbox, control, marker) = (layout.inbox, layout.control, InboxMarker(layout, operations))
    let close = Set(due.filter { settling.wantsCloseLook($0, at: now) })
    let closeLook = CloseLook(asksForWriters: !isInboxRemote)
    perform(scanQueue) { [operations, options] in
      var scan = Scan()
      scan.began = BootClock.now
      operations.look(inbox)
      if wantsInbox {
        scan.inbox = Result { try InboxListing(inbox) }.mapError { $0 as? FileError ?? FileError("list", EIO) }
        scan.isReadOnly = options.isReadOnly(inbox)
        scan.hasControl = control.withCString { access($0, F_OK) } == 0 && marker.isThere
      }
      for name in due {
        let look = close.contains(name) ? closeLook : nil
        let listing = Result { try Listing(of: inbox / name, look: look) }.mapError {
          $0 as? FileError ?? FileError("list", EIO)
        }
        scan.listings.append((name, listing))
      }
      scan.time = BootClock.now
      return .scanned(scan)
    }
  }

  func scanned(_ scan: Scan) {
    noteAnswer()
    if let inbox = scan.inbox { listedInbox(inbox, scan) }
    for (name, listing) in scan.listings {
      switch listing {
      case .success(let listing):
        if settling.listed(name, listing, at: scan.time) { probesWaiting.append(name) }
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
      guard known.device == inbox.identity.device, isInboxReadOnly || remakeFolders() else {
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
    if !inbox.hasUrgent, !isInboxReadOnly { try? layout.makeUrgent(operations) }
    // What is being taken, or was taken after this listing began, is no new study.
    archives = inbox.archives
    var studies = inbox.studies
    if let fault = inbox.urgentFault {
      // Nothing in it is taken for gone.
      studies += settling.studies.keys.filter(\.isUrgent)
      if !isUrgentLost { log.error("the folder urgent cannot be listed: \(fault)", code: ErrorCode.io.name) }
    }
    isUrgentLost = inbox.urgentFault != nil
    let present = studies.filter { taken[$0, default: 0] < scan.began }
    taken = taken.filter { $0.value >= scan.began }
    for name in settling.present(present, foremost: inbox.foremost, at: scan.time) {
      probesWaiting.removeAll { $0 == name }
      answers[name] = nil
      estimates[name] = nil
      contents[name] = nil
      clearStatus(of: name)
    }
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

  /// An entry left the inbox untaken. An archive's name is no longer known as one by then.
  private func clearStatus(of entry: InboxEntry) {
    for name in Set([entry.name, entry.name.archiveTitle ?? entry.name]) {
      if let job = jobs.values.first(where: { $0.studyBytes == name.bytes }) { show(job) } else { status.clear(name) }
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
    for (name, probe) in probes where probe.deadline <= now {
      probe.child.signal(SIGKILL)
      probes[name]?.deadline = now + 10
    }
    while !probesWaiting.isEmpty, probes.count < max(2, configuration.maxJobs) {
      startProbe(probesWaiting.removeFirst(), now)
    }
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
      probes[name] = Probe(
        child: child, token: token, fingerprint: study.listing.fingerprint,
        deadline: now + min(configuration.timeLimit, 300), output: output)
    } catch {
      log.error("a probe cannot be started: \(error.message)", code: error.code.name)
      settling.probed(name, fingerprint: study.listing.fingerprint, .unknown, at: now)
    }
  }

  func probeEnded(_ name: InboxEntry, _ token: Int) {
    guard let probe = probes[name], probe.token == token else { return }
    let end = probe.child.reap()
    probes[name] = nil
    perform(sweepQueue) { [operations, folder = layout.work / "probe.\(token)"] in
      try? operations.remove(folder)
      return .tidied
    }
    var verdict = ProbeAnswer.verdict(exit: end.exit, output: probe.output.contents)
    estimates[name] = ProbeAnswer.memory(exit: end.exit, output: probe.output.contents)
    contents[name] = ProbeAnswer.content(probe.output.contents).map { (probe.fingerprint, $0) }
    // A choice and no series: what a job of that name waits for.
    if case .incomplete(let error) = verdict, error.code == "E_NO_SERIES", jobInReview(name.name) != nil,
      settling.studies[name]?.listing.choicesOwner != nil, !isInboxReadOnly
    {
      answers[name] = probe.fingerprint
      verdict = .complete
    }
    if verdict == .unknown { log.warning("a probe failed, exit \(end.exit ?? -1), signal \(end.signal ?? 0)") }
    settling.probed(name, fingerprint: probe.fingerprint, verdict, at: BootClock.now)
    showWaiting(name)
  }
}
