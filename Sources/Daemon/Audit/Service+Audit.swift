internal import Configuration
internal import Errors
internal import Files
internal import Foundation
internal import Hashing
internal import Intake
internal import Jobs

extension Service {
  /// Events between two anchors of the daemon's own.
  private static let anchorInterval: Int64 = 100
  /// Events that are verified at start; `audit verify` reads all.
  private static let tail: Int64 = 1000

  private var anchorFile: String { String(decoding: (layout.state / "anchors.jsonl").bytes, as: UTF8.self) }
  private var mirrorFolder: String { String(decoding: layout.mirror.bytes, as: UTF8.self) }

  /// Looks whether the end of the chain is as it was left. A fault is told and put on record; it stops nobody's study.
  func checkChain() throws {
    let anchors = FileManager.default.fileExists(atPath: anchorFile) ? (try? ChainAnchor.read(anchorFile)) : []
    let missing = try anchors.map { try store.missingWitnesses(own: $0, mirror: mirrorFolder) } ?? []
    try openMirror(anchors?.last)
    for fault in missing { log.error("\(fault.kind.rawValue): \(fault.message)") }
    if let fault = missing.first {
      try record { try store.note(.security, details: ["what": "witness", "kind": fault.kind.rawValue]) }
    }
    let report = try store.verifyChain(anchors: (anchors ?? []).suffix(1), last: Self.tail)
    if anchors == nil { log.error("the daemon's own anchors cannot be read", code: "E_AUDIT_ANCHOR") }
    guard let fault = report.faults.first else { return }
    log.error("the chain of events does not hold: \(fault.kind.rawValue); run radiomicsd audit verify")
    try record {
      try store.note(
        .security,
        details: ["what": "chain", "kind": fault.kind.rawValue, "sequence": fault.sequence.map { "\($0)" } ?? ""])
    }
  }

  /// Tells the chain's head to the log and to the daemon's file of anchors, so that a chain that is cut off or written
  /// anew shows.
  ///
  /// - Parameters:
  ///   - always: also where few events have come since the last one.
  ///   - isLast: no event follows.
  func anchorChain(always: Bool = false, isLast: Bool = false) throws {
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
    // The last anchor of all is of the last event: what says how far it reaches is the next start's.
    guard !isLast else { return }
    try record { try store.note(.witnessed, details: store.witnesses(anchored: witnessed)) }
  }

  /// What results are computed with: program, and digests of configuration, models and profile as they are now.
  var identity: [String: String] {
    func digest(_ path: String?) -> String {
      path.flatMap { FileManager.default.contents(atPath: $0) }.map { sha256([UInt8]($0)) } ?? "none"
    }
    let profile = configuration.profile
    return [
      "software": options.software,
      "configuration_sha256": sha256(configuration.text),
      // A bundle's identity is the digest of its bundle.json, which holds those of its files.
      "model_sha256": digest(configuration.model.map { $0 + "/bundle.json" }),
      "shadow_model_sha256": digest(configuration.shadowModel.map { $0 + "/bundle.json" }),
      "profile": profile.map { $0.contains("/") ? digest($0) : $0 } ?? "of the model",
    ]
  }

  /// Puts on record what results are computed with, when it is not what it was at the last start.
  func recordConfiguration() throws {
    let facts = identity
    let text = facts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n")
    guard try store.value("configuration") != text else { return }
    try record {
      try store.note(.configurationChanged, details: facts, setting: ["configuration": text])
    }
  }
}
