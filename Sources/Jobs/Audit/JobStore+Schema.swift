internal import GRDB
internal import Synchronization

extension JobStore {
  /// Looks, in a transaction that writes, whether somebody changed the schema since the last one: a trigger that is none of
  /// ours changes what is written with nobody knowing. What is found goes on record; nothing is refused for it.
  ///
  /// - Returns: the schema's version now.
  func watchSchema(_ database: Database) throws -> Int64? {
    let version = try Int64.fetchOne(try database.cachedStatement(sql: "PRAGMA schema_version"))
    guard seenSchema.withLock({ $0 }) != version else { return version }
    let differences = try SchemaObjects.differences(in: database)
    if !differences.isEmpty {
      try EventChain.append(
        .security, job: nil, actor: "daemon",
        details: [
          "what": "schema", "kind": ChainFault.Kind.schemaDiffers.rawValue, "objects": String(differences.count),
        ],
        in: database)
    }
    return version
  }
}
