internal import CLinux
internal import Errors
internal import Files
internal import Foundation
internal import Glibc
internal import Intake
internal import Jobs

/// Watches the record's surroundings while the service runs: locks, mirror, log, ballast and the wall clock.
final class RecordWatch {
  private static let interval = 15.0
  /// Seconds by which the wall clock may differ from the boot clock before this is recorded.
  private static let clockTolerance = 5.0

  private let record: Record
  private let layout: Layout
  private let options: ServiceOptions
  private let wait: DatabaseWait
  private var log: Log { options.log }

  private(set) var mirrorFault: String?
  private(set) var walBytes: Int64 = 0
  private var isWALLarge = false
  private var filesAt = 0.0
  private var ballastAt = 0.0
  /// Wall clock less boot clock, in seconds, as last recorded.
  private var clockOffset: Double?

  init(_ record: Record, _ layout: Layout, _ options: ServiceOptions, _ wait: DatabaseWait) {
    self.record = record
    self.layout = layout
    self.options = options
    self.wait = wait
  }

  /// - Returns: whether the files were examined.
  func look(at now: Double) throws -> Bool {
    try checkBallast(now)
    try checkLock()
    let isDue = now >= filesAt
    if isDue { try checkFiles(now) }
    try checkClock(now)
    return isDue
  }

  /// Records that a full disk was waited for, and reserves the ballast again.
  private func checkBallast(_ now: Double) throws {
    let seconds = wait.take()
    if seconds > 0 {
      log.info("the database's disk has room again")
      let details = ["what": "database", "seconds": String(Int(seconds.rounded(.up)))]
      try record.note(Note(kind: .resumed, details: details))
    }
    guard options.hasBallast, now >= ballastAt else { return }
    ballastAt = now + options.pause * 2
    Ballast(layout.state).take(options.freeSpace(layout.state))
  }

  /// Records that the database was locked.
  private func checkLock() throws {
    let waited = record.store.takeWaitedSeconds()
    guard waited >= 1 else { return }
    log.warning("the job database was locked by somebody else for \(Int(waited)) s")
    try record.note(Note(kind: .databaseBusy, details: ["seconds": String(Int(waited))]))
  }

  private func checkFiles(_ now: Double) throws {
    filesAt = now + min(Self.interval, options.walAlarm < 1 << 20 ? 0.2 : Self.interval)
    if let fault = record.store.mirrorFault, fault != mirrorFault {
      log.error("the mirror of events cannot be written: \(fault); it is tried again", code: ErrorCode.io.name)
    }
    mirrorFault = record.store.mirrorFault
    let path = String(decoding: layout.database.bytes, as: UTF8.self) + "-wal"
    walBytes = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int64 ?? 0
    if walBytes < options.walAlarm / 2 { isWALLarge = false }
    if walBytes >= options.walAlarm, !isWALLarge {
      isWALLarge = true
      log.warning("the log of the job database has \(walBytes >> 20) MiB: somebody has been reading it for long")
      try record.note(Note(kind: .databaseLogLarge, details: ["bytes": String(walBytes)]))
    }
  }

  /// Records that the wall clock was set: times on record before and after do not compare. Waiting uses the boot
  /// clock and is not affected; a suspended machine moves both.
  private func checkClock(_ now: Double) throws {
    let offset = options.wallClock() - now
    guard let known = clockOffset else {
      clockOffset = offset
      return
    }
    let step = offset - known
    guard abs(step) > Self.clockTolerance else { return }
    clockOffset = offset
    log.warning("the wall clock was set by \(Int(step)) s; waiting goes on undisturbed")
    let details = ["seconds": String((step * 1000).rounded() / 1000), "clock": MachineFacts.clock]
    try record.note(Note(kind: .clockJump, details: details))
  }
}

/// Identity of the machine and the libraries, for the record.
enum MachineFacts {
  static var all: [String: String] {
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
      "sqlite": (try? JobStore.libraryVersion()) ?? "unknown", "boot": boot, "clock": clock,
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

  /// Distinguishes one start of the machine from another.
  static let boot: String = {
    let bytes = FileManager.default.contents(atPath: "/proc/sys/kernel/random/boot_id") ?? Data()
    return String(decoding: bytes.prefix(36), as: UTF8.self)
  }()
}
