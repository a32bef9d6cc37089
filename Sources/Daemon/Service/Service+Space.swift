internal import Configuration
internal import Errors
internal import Files
internal import Intake
internal import Jobs

/// Room for private copies: looked for before a study is taken, and what follows where there is none.
extension Service {
  /// Whether a study can be copied and computed: three times its size and the reserve, besides what is being copied.
  ///
  /// The state folder is on a local disk, so asking does not hang.
  func hasRoom(for name: InboxEntry, _ listing: Listing, _ now: Double) throws -> Bool {
    if now >= spaceAt {
      space = options.freeSpace(layout.state)
      spaceAt = now + 1
    }
    let underWay = jobs.records.values.reduce(into: Int64(0)) { $0 &+= $1.isClaiming ? $1.claimedBytes : 0 }
    let isEnough = space.map { space in
      space.bytes >= needed(listing.bytes &+ underWay) && space.inodes.map { $0 >= 2 * listing.files + 64 } ?? true
    }
    guard isEnough ?? true else {
      if entries[name]?.lacksSpace != true {
        let isFirst = !lacksSpace
        entries[name, default: EntryRecord()].lacksSpace = true
        showWaiting(name)
        if isFirst {
          log.error("studies wait: no space for private copies", code: ErrorCode.noSpace.name)
          try record { try store.note(.paused, details: ["what": "space"]) }
        }
      }
      return false
    }
    if entries[name]?.lacksSpace == true {
      entries[name]?.lacksSpace = false
      guard !lacksSpace else { return true }
      try record { try store.note(.resumed, details: ["what": "space"]) }
    }
    return true
  }

  /// Some study waits for space.
  var lacksSpace: Bool { entries.values.contains(where: \.lacksSpace) }

  private func needed(_ bytes: Int64) -> Int64 {
    let (three, overflow) = bytes.multipliedReportingOverflow(by: 3)
    return overflow ? .max : three.addingReportingOverflow(Int64(configuration.reserve) << 20).partialValue
  }

  func showNoRoom(_ name: FileName, _ listing: Listing) {
    let free = space.map { "\($0.bytes >> 20) MiB and \($0.inodes.map { "\($0)" } ?? "any number of") files" } ?? "none"
    status.show(
      name,
      .init(
        "waiting_space",
        "\(ErrorCode.noSpace.name): it needs \(needed(listing.bytes) >> 20) MiB and \(2 * listing.files + 64) files where studies are computed; free are \(free)",
        hint: "free space there; the study is taken by itself then"))
  }

  /// The disk or the share stands in the way: no study is to blame, and none is tried for a while.
  func pauseIntake(_ job: Job, _ error: FileError, _ now: Double) throws {
    let isFirst = intake.until == nil
    intake.fail(at: now)
    let code = error.isNoSpace ? ErrorCode.noSpace : ErrorCode.io
    if error.isNoSpace {
      let hasInodes = options.freeSpace(layout.state)?.inodes.map { $0 > 64 } ?? true
      intakeReason = "\(code.name): no \(hasInodes ? "space" : "inodes") for private copies (\(error))"
    } else if error.isReadOnly {
      intakeReason = "\(code.name): the inbox or the state folder is read-only"
    } else {
      intakeReason = "\(code.name): the disk or the share is in the way (\(error))"
    }
    log.error("intake pauses: \(intakeReason)", job: job.id, code: code.name)
    if isFirst {
      try record { try store.note(.paused, job: job.id, details: ["what": "intake", "errno": String(error.code)]) }
    }
    if let name = FileName(job.studyBytes) {
      status.show(
        name,
        .init(
          error.isNoSpace ? "waiting_space" : "waiting", intakeReason, hint: "it goes on by itself when that is over",
          job: job.id.text))
    }
    for name in settling.takeable { showWaiting(name) }
    jobs[job.id]?.wake = intake.until
  }

  /// A study was taken.
  func resumeIntake() throws {
    guard intake.until != nil else { return }
    intake.clear()
    log.info("intake goes on")
    try record { try store.note(.resumed, details: ["what": "intake"]) }
    for name in settling.takeable { showWaiting(name) }
  }
}
