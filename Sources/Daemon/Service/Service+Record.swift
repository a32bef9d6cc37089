internal import CLinux
internal import Configuration
internal import Dispatch
internal import Errors
internal import Files
internal import Foundation
internal import Glibc
internal import Intake
internal import Jobs

/// The database and its mirror, while the service runs.
extension Service {
  private static let watchInterval = 15.0
  var databasePath: String { String(decoding: layout.database.bytes, as: UTF8.self) }

  /// Begins the mirror, and refuses a database that is older than what is known of it.
  ///
  /// - Throws: `E_AUDIT_BEHIND`, `E_IO`.
  func openMirror(_ anchor: ChainAnchor?) throws {
    try store.requireCurrent(anchor)
    try store.mirror(to: String(decoding: layout.mirror.bytes, as: UTF8.self))
    store.wait(whileLocked: lockedDatabase)
    guard !store.isChecked else { return }
    // A large database is read through while the service works.
    let path = databasePath
    DispatchQueue.global(qos: .utility).async { [mailbox] in
      mailbox.post(.databaseChecked(isDamaged: (try? JobStore.isDamaged(path)) ?? false))
    }
  }

  /// What is done while somebody else locks the database: the service says so, tells systemd that it is alive, and waits
  /// until it is asked to stop, then for ten seconds in all.
  private var lockedDatabase: Patience {
    { [log, notifier, heartbeat, databaseWait] seconds in
      if seconds < 2 { log.warning("the job database is locked by somebody else; everything waits", code: "DB_BUSY") }
      notifier.alive()
      heartbeat.beat()
      notifier.status("waits for the job database, locked by somebody else for \(Int(seconds)) s")
      return !databaseWait.isStopping || seconds < 10
    }
  }

  /// - Throws: `E_DATABASE_UNUSABLE` for a database that is damaged.
  func databaseChecked(isDamaged: Bool) throws {
    guard isDamaged else { return log.info("the job database is whole") }
    throw StudyError(
      .databaseUnusable, "the job database is damaged", file: databasePath, hint: "radiomicsd recover makes it again")
  }

  /// Puts on record that the database was locked, and tells of a mirror or a log that is not as it should be.
  func watchRecord(_ now: Double) throws {
    let waited = store.takeWaitedSeconds()
    if waited >= 1 {
      log.warning("the job database was locked by somebody else for \(Int(waited)) s")
      try record { try store.note(.databaseBusy, details: ["seconds": String(Int(waited))]) }
    }
    guard now >= recordAt else { return }
    status.mend()
    recordAt = now + min(Self.watchInterval, options.walAlarm < 1 << 20 ? 0.2 : Self.watchInterval)
    if let fault = store.mirrorFault, fault != mirrorFault {
      log.error("the mirror of events cannot be written: \(fault); it is tried again", code: ErrorCode.io.name)
    }
    mirrorFault = store.mirrorFault
    walBytes = (try? FileManager.default.attributesOfItem(atPath: databasePath + "-wal"))?[.size] as? Int64 ?? 0
    if walBytes < options.walAlarm / 2 { isWALLarge = false }
    if walBytes >= options.walAlarm, !isWALLarge {
      isWALLarge = true
      log.warning("the log of the job database has \(walBytes >> 20) MiB: somebody has been reading it for long")
      try record { try store.note(.databaseLogLarge, details: ["bytes": String(walBytes)]) }
    }
  }

  /// What the machine and the libraries are, for the record.
  var machine: [String: String] {
    var about = utsname()
    uname(&about)
    func text<Field>(_ field: Field) -> String {
      withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    let cpu = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n")
      .first { $0.hasPrefix("model name") }?.split(separator: ":").last
    return [
      "kernel": "\(text(about.sysname)) \(text(about.release)) \(text(about.machine))",
      "cpu": cpu.map { String($0.drop { $0 == " " }.prefix(80)) } ?? "unknown",
      "processors": String(ProcessInfo.processInfo.activeProcessorCount),
      "sqlite": (try? JobStore.libraryVersion()) ?? "unknown", "boot": Self.bootID, "clock": Self.clock,
    ]
  }

  /// Whether the wall clock follows a better one.
  static var clock: String {
    switch clinux_clock_synchronised() {
    case 1: "synchronised"
    case 0: "not synchronised"
    default: "unknown"
    }
  }
}
