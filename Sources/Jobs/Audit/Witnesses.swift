internal import GRDB
internal import Synchronization

/// The chain's statements about its witnesses: how far the mirror and the daemon's own anchors reached when the last
/// such event was written. Removing the witnesses does not remove these statements.
struct Witnesses {
  /// The event that states it.
  private var event: Int64 = 0
  private var anchored: Int64 = 0
  /// Every anchored event since the witnesses were last started again.
  private var allAnchored: Set<Int64> = []
  private var mirrored: Int64 = 0
  /// The last of the mirrored events that concerns a job.
  private var mirroredJob: Int64 = 0

  init(_ database: Database) throws {
    let row = try Row.fetchOne(
      database,
      sql: """
        SELECT sequence, details FROM events WHERE job IS NULL AND kind IN ('WITNESSED', 'DAEMON_STOPPED')
          AND details LIKE '%"anchored"%' ORDER BY sequence DESC LIMIT 1
        """)
    guard let row else { return }
    event = row["sequence"]
    let details = JobRow.details(row["details"])
    let told = try Row.fetchAll(
      database,
      sql: """
        SELECT details FROM events WHERE job IS NULL AND kind IN ('WITNESSED', 'DAEMON_STOPPED')
          AND details LIKE '%"anchored"%' AND sequence > (SELECT ifnull(max(sequence), 0) FROM events
            WHERE job IS NULL AND kind = 'SECURITY' AND details LIKE '%"what":"witness"%')
        """)
    allAnchored = Set(told.compactMap { JobRow.details($0["details"])["anchored"].flatMap { Int64($0) } })
      .filter { $0 > 0 }
    anchored = details["anchored"].flatMap { Int64($0) } ?? 0
    mirrored = details["mirrored"].flatMap { Int64($0) } ?? 0
    mirroredJob =
      try Int64.fetchOne(
        database,
        sql: "SELECT sequence FROM events WHERE sequence <= ? AND job IS NOT NULL ORDER BY sequence DESC LIMIT 1",
        arguments: [mirrored]) ?? 0
  }

  static func details(anchored: Int64, mirrored: Int64) -> [String: String] {
    ["anchored": String(anchored), "mirrored": String(mirrored)]
  }

  /// The missing witnesses; nil for those that are not checked.
  func missing(own: [ChainAnchor]?, mirror: String?) -> [ChainFault] {
    var faults: [ChainFault] = []
    if anchored > 0, let own, !own.contains(where: { $0.sequence == anchored }) {
      faults.append(
        ChainFault(
          .witnessMissing,
          "event \(event) says that event \(anchored) was anchored; the daemon's own anchors are gone, or cut"))
    } else if let own {
      let gone = allAnchored.subtracting(own.map(\.sequence))
      if let first = gone.min() {
        faults.append(
          ChainFault(
            .witnessMissing,
            "\(gone.count) of the daemon's own anchors that the chain knows are not there, the first of event \(first)")
        )
      }
    }
    guard let mirror, mirrored > 0 else { return faults }
    let mirrorHead = AuditMirror.head(mirror).sequence
    if mirrorHead < mirrored {
      faults.append(
        ChainFault(
          .witnessMissing,
          mirrorHead == 0
            ? "event \(event) says that event \(mirrored) was mirrored; the mirror is gone"
            : "event \(event) says that event \(mirrored) was mirrored; the mirror ends with event \(mirrorHead)"))
    } else if AuditMirror.jobsHead(mirror) < mirroredJob {
      faults.append(
        ChainFault(
          .witnessMissing, "event \(event) says that jobs were mirrored; the mirror's lines of jobs are gone, or cut"))
    }
    return faults
  }
}

extension JobStore {
  /// The parts of the mirror and of the daemon's own anchors that are missing, although the chain states that they
  /// existed.
  package func missingWitnesses(own: [ChainAnchor], mirror: String) throws -> [ChainFault] {
    try read { try Witnesses($0).missing(own: own, mirror: mirror) }
  }

  /// How far the witnesses reach, for an event that records it.
  ///
  /// - Parameter anchored: the last event of which the daemon has written an anchor.
  package func witnesses(anchored: Int64) -> [String: String] {
    Witnesses.details(anchored: anchored, mirrored: mirror.withLock { $0?.head ?? 0 })
  }
}
