internal import GRDB
internal import Synchronization

extension JobStore {
  /// Checks, in a writing transaction, whether the schema was changed since the last one: a foreign trigger
  /// changes what is written without notice. A change is recorded; nothing is refused because of it.
  ///
  /// - Returns: the schema's current version.
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
