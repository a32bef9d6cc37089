internal import Foundation
internal import GRDB

/// The condition of a job database, checked without changing it.
package enum RecordCondition: Sendable, Equatable {
  /// It is whole and has all events of its mirror and anchors.
  case sound
  /// It is whole, but ends before a known event, or has another one there.
  case behind(head: Int64, known: Int64)
  case damaged
  case gone
  /// It was written by a newer radiomicsd.
  case newer

  /// - Parameters:
  ///   - mirror: the folder of its mirror.
  ///   - anchors: heads that were stored.
  /// - Throws: `E_DATABASE` when it cannot be opened at all.
  package init(_ path: String, mirror: String, anchors: [ChainAnchor]) throws {
    guard FileManager.default.fileExists(atPath: path) else {
      self = .gone
      return
    }
    guard try !JobStore.isDamaged(path) else {
      self = .damaged
      return
    }
    let store = try JobStore.reader(path)
    defer { try? store.close() }
    let witness = AuditMirror.head(mirror)
    self = try store.read { database in
      guard try Schema.version(of: database) != nil else { return .newer }
      guard try database.tableExists("events") else { return .damaged }
      let head = try EventChain.head(in: database)
      func differs(_ sequence: Int64, _ hash: String) throws -> Bool {
        let found = try String.fetchOne(
          database, sql: "SELECT hash FROM events WHERE sequence = ?", arguments: [sequence])
        return found != nil && found != hash
      }
      let known = max(witness.sequence, anchors.map(\.sequence).max() ?? 0)
      if known > head.sequence { return .behind(head: head.sequence, known: known) }
      if witness.sequence > 0, try differs(witness.sequence, witness.hash) {
        return .behind(head: head.sequence, known: witness.sequence)
      }
      return .sound
    }
  }
}
