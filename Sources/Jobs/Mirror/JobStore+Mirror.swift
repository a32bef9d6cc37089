package import Errors
internal import Foundation
internal import GRDB
internal import Glibc
internal import Synchronization

extension ErrorCode {
  /// The mirror of the record, or an anchor, has events that the database lacks: the database is older, or was
  /// truncated.
  package static let auditBehind = ErrorCode("E_AUDIT_BEHIND", .configuration)
}

extension JobStore {
  /// Keeps a mirror of the record in this folder from now on; missing events are written at once.
  ///
  /// - Parameter fileSize: a file of that size is full, and the next one is started.
  /// - Throws: `E_AUDIT_BEHIND` where the mirror has more events than this database, or different ones; `E_IO`.
  package func mirror(to folder: String, fileSize: Int64 = 64 << 20) throws {
    var next: AuditMirror
    do {
      next = try AuditMirror(folder, fullSize: fileSize)
    } catch {
      throw StudyError(
        .io, "the mirror of events cannot be made: \(String(cString: strerror(error.code)))", file: folder)
    }
    try read { database in
      let head = try EventChain.head(in: database)
      guard next.head <= head.sequence else { throw Self.behind(head.sequence, next.head, "the mirror of events") }
      if next.head > 0 {
        let known = try String.fetchOne(
          database, sql: "SELECT hash FROM events WHERE sequence = ?", arguments: [next.head])
        guard known == nil || known == next.hash else {
          throw StudyError(
            .auditBehind, "event \(next.head) of the job database is not the one that its mirror knows",
            file: queue.path, hint: "it is another database: see audit verify, then radiomicsd recover")
        }
      }
      next.follow(database)
    }
    mirror.withLock { $0 = next }
  }

  /// Why the mirror is not up to date; nil where it is. Each event retries it.
  package var mirrorFault: String? { mirror.withLock { $0?.fault } }

  /// - Throws: `E_AUDIT_BEHIND` where an anchor has more events than this database.
  package func requireCurrent(_ anchor: ChainAnchor?) throws {
    guard let anchor else { return }
    let head = try read { try EventChain.head(in: $0).sequence }
    guard anchor.sequence <= head else { throw Self.behind(head, anchor.sequence, "an anchor") }
  }

  private static func behind(_ head: Int64, _ known: Int64, _ witness: String) -> StudyError {
    StudyError(
      .auditBehind, "the job database ends with event \(head), but \(witness) knows event \(known)",
      hint: "it is an older copy, or was cut: radiomicsd recover brings back what is missing; nothing was changed",
      details: ["database": String(head), "known": String(known)])
  }
}
