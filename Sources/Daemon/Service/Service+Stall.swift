internal import Configuration
internal import Jobs

/// A file server that hangs holds the thread that lists the inbox, for as long as it likes. Everything else goes on: jobs
/// that were copied are computed, the watchdog is fed, and the service can be stopped.
extension Service {
  /// Says that a listing does not come back.
  func watchInbox(_ now: Double) throws {
    guard isScanning, !isInboxStalled, now - scanBegan >= configuration.stall else { return }
    isInboxStalled = true
    let seconds = Int(now - scanBegan)
    log.error("the inbox has not answered for \(seconds) s; its file server hangs", code: "INBOX_STALLED")
    try record {
      try store.note(
        .inboxStalled, details: ["seconds": String(seconds)],
        setting: [JobStore.stallKey: "the inbox does not answer: a listing has been under way since \(Timestamp.now)"])
    }
  }

  /// A listing came back.
  func noteAnswer() {
    isScanning = false
    guard isInboxStalled else { return }
    isInboxStalled = false
    let seconds = Int(BootClock.now - scanBegan)
    log.info("the inbox answers again, after \(seconds) s")
    try? store.note(
      .resumed, details: ["what": "inbox", "seconds": String(seconds)], setting: [JobStore.stallKey: ""])
  }
}
