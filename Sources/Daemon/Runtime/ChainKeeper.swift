internal import Dispatch
internal import Errors
internal import Files
internal import Foundation
internal import Hashing
internal import Intake
internal import Jobs

/// Verifies the end of the chain of events at start, and writes its head to places outside the database.
final class ChainKeeper {
  /// Events between two anchors of the daemon's own.
  private static let anchorInterval: Int64 = 100
  /// Events that are verified at start; `audit verify` reads all.
  private static let tail: Int64 = 1000

  private let record: Record
  private let layout: Layout
  private let log: Log
  /// The last event with an anchor.
  private(set) var anchored: Int64 = 0
  /// The last event whose anchor is known to be on disk.
  private(set) var witnessed: Int64 = 0

  init(_ record: Record, _ layout: Layout, _ log: Log) {
    self.record = record
    self.layout = layout
    self.log = log
  }

  private var store: JobStore { record.store }
  private var anchorFile: String { String(decoding: (layout.state / "anchors.jsonl").bytes, as: UTF8.self) }
  private var mirrorFolder: String { String(decoding: layout.mirror.bytes, as: UTF8.self) }

  /// Checks whether the end of the chain is unchanged, and begins the mirror. A fault is logged and recorded; it
  /// stops no study.
  ///
  /// - Throws: `E_AUDIT_BEHIND` for a database that is older than its mirror or anchors; `E_IO`.
  func check(mailbox: Mailbox<Message>, whileLocked: @escaping Patience) throws {
    let anchors = FileManager.default.fileExists(atPath: anchorFile) ? (try? ChainAnchor.read(anchorFile)) : []
    let missing = try anchors.map { try store.missingWitnesses(own: $0, mirror: mirrorFolder) } ?? []
    try store.requireCurrent(anchors?.last)
    try store.mirror(to: mirrorFolder)
    store.wait(whileLocked: whileLocked)
    if !store.isChecked { checkLater(mailbox) }
    for fault in missing { log.error("\(fault.kind.rawValue): \(fault.message)") }
    if let fault = missing.first {
      try record.note(Note(kind: .security, details: ["what": "witness", "kind": fault.kind.rawValue]))
    }
    let report = try store.verifyChain(anchors: (anchors ?? []).suffix(1), last: Self.tail)
    if anchors == nil { log.error("the daemon's own anchors cannot be read", code: "E_AUDIT_ANCHOR") }
    guard let fault = report.faults.first else { return }
    log.error("the chain of events does not hold: \(fault.kind.rawValue); run radiomicsd audit verify")
    let sequence = fault.sequence.map { "\($0)" } ?? ""
    try record.note(
      Note(kind: .security, details: ["what": "chain", "kind": fault.kind.rawValue, "sequence": sequence]))
  }

  /// A large database is read through while the service works.
  private func checkLater(_ mailbox: Mailbox<Message>) {
    let path = String(decoding: layout.database.bytes, as: UTF8.self)
    DispatchQueue.global(qos: .utility).async {
      mailbox.post(.databaseChecked(isDamaged: (try? JobStore.isDamaged(path)) ?? false))
    }
  }

  /// Writes the chain's head to the log and to the daemon's file of anchors, so that a chain that is cut off or
  /// rewritten is detected.
  ///
  /// - Parameters:
  ///   - always: also where few events have come since the last one.
  ///   - isLast: no event follows.
  func anchor(always: Bool = false, isLast: Bool = false) throws {
    // The whole anchor counts jobs, which takes a while where there are many.
    let head = try store.head()
    guard always || head >= anchored + Self.anchorInterval, head > anchored else { return }
    let anchor = try store.anchor()
    anchored = anchor.sequence
    log.info("chain head \(anchor.sequence) \(anchor.hash)")
    do {
      try anchor.append(to: anchorFile, mode: 0o600)
      witnessed = anchor.sequence
    } catch {
      log.warning("no anchor is written", code: error.code.name)
    }
    // The last anchor of all covers the last event; the next start records how far it reaches.
    guard !isLast else { return }
    try record.note(Note(kind: .witnessed, details: store.witnesses(anchored: witnessed)))
  }
}
