package import Errors
internal import Foundation
internal import GRDB
internal import Glibc
internal import Synchronization

extension ErrorCode {
  /// The job database cannot be opened, read or written.
  package static let database = ErrorCode("E_DATABASE", .io)
  /// The disk of the job database is full.
  package static let databaseFull = ErrorCode("E_DATABASE_FULL", .temporary)
  /// The job database is damaged, missing, or of a newer radiomicsd: an operator must act.
  package static let databaseUnusable = ErrorCode("E_DATABASE_UNUSABLE", .configuration)
  /// A job was changed by another writer, or a step is not in the state machine.
  package static let staleJob = ErrorCode("E_STALE_JOB", .internal)
  /// No job, or more than one, has that name.
  package static let noSuchJob = ErrorCode("E_NO_SUCH_JOB", .inputMissing)
}

/// The record of every job in SQLite. One process writes, with one connection; any number of others read.
///
/// WAL with `synchronous = FULL`: committed data survive a power cut, and readers never wait for the writer.
package final class JobStore: Sendable {
  let queue: DatabaseQueue
  /// Written after each transaction; nil until `mirror(to:)`.
  let mirror = Mutex<AuditMirror?>(nil)
  /// The waiting rule for each obstacle of a transaction.
  let patience = Mutex<[Obstacle: Patience]>([:])
  /// Seconds that transactions have waited since the last query.
  let waited = Mutex<Double>(0)
  /// The version of the schema that was last compared with the migrations' result.
  let seenSchema = Mutex<Int64?>(nil)
  /// False for a database too large to be checked at start: `isDamaged(_:)` should be called later.
  package let isChecked: Bool

  /// The largest database that `writer` checks completely before it opens it.
  package static let checkedSize: Int64 = 256 << 20

  /// Opens the database for its only writer, creates or migrates it, and checks it.
  ///
  /// An older one is copied to `PATH.schema-<n>` before it is migrated, in one transaction.
  ///
  /// - Parameter checkedSize: a larger database is not checked completely, so that the daemon starts at once.
  /// - Throws: `E_DATABASE_UNUSABLE` for a damaged database or one of a newer radiomicsd, `E_DATABASE` otherwise.
  package static func writer(_ path: String, checkedSize: Int64 = JobStore.checkedSize) throws -> JobStore {
    var configuration = GRDB.Configuration()
    configuration.journalMode = .wal
    configuration.busyMode = .timeout(1)
    configuration.foreignKeysEnabled = true
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0")
    }
    do {
      let isChecked = (fileSize(path) ?? 0) <= checkedSize
      try PrivateFile.make(path)
      return try Obstacle.locked.overcome(Obstacle.locked.patience) {
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let version = try queue.writeWithoutTransaction { database in
          try database.execute(
            sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 67108864")
          guard try !isChecked || String.fetchOne(database, sql: "PRAGMA quick_check") == "ok" else {
            throw damaged(path)
          }
          guard let version = try Schema.version(of: database) else {
            throw StudyError(
              .databaseUnusable, "the job database was written by a newer radiomicsd", file: path,
              hint: "install that version")
          }
          return version
        }
        if version < Schema.migrations.count {
          if version > 0 { try backup(queue, to: "\(path).schema-\(version)") }
          try queue.write { try Schema.migrate($0) }
        }
        return JobStore(queue: queue, isChecked: isChecked)
      }.value
    } catch let error as DatabaseError where isDamage(error) {
      throw damaged(path)
    } catch let error as DatabaseError {
      throw Self.failure(error, path)
    }
  }

  /// A copy that is complete or absent.
  private static func backup(_ queue: DatabaseQueue, to path: String) throws {
    let draft = path + ".tmp"
    try? FileManager.default.removeItem(atPath: draft)
    // SQLite writes into an empty file as into a new one, and keeps its mode.
    try PrivateFile.make(draft)
    try queue.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [draft]) }
    guard rename(draft, path) == 0 else {
      throw StudyError(.database, "the copy of the older job database cannot be kept", file: path)
    }
  }

  /// Checks a database completely, with a connection of its own.
  package static func isDamaged(_ path: String) throws -> Bool {
    var configuration = GRDB.Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    do {
      return try DatabaseQueue(path: path, configuration: configuration).read {
        try String.fetchOne($0, sql: "PRAGMA quick_check") != "ok"
      }
    } catch let error as DatabaseError where isDamage(error) {
      return true
    } catch let error as DatabaseError {
      throw failure(error, path)
    }
  }

  private static func isDamage(_ error: DatabaseError) -> Bool {
    error.resultCode == .SQLITE_CORRUPT || error.resultCode == .SQLITE_NOTADB
  }

  private static func damaged(_ path: String) -> StudyError {
    StudyError(
      .databaseUnusable, "the job database is damaged", file: path,
      hint: "radiomicsd recover makes it again from the mirror and the folders of jobs; nothing was changed")
  }

  private static func fileSize(_ path: String) -> Int64? {
    ((try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? NSNumber)?.int64Value
  }

  /// Opens the database to read, whether or not a daemon writes it.
  ///
  /// - Throws: `E_NOT_FOUND` when there is none, `E_DATABASE` when it cannot be opened.
  package static func reader(_ path: String) throws -> JobStore {
    guard FileManager.default.fileExists(atPath: path) else {
      throw StudyError(
        .notFound, "there is no job database yet", file: path, hint: "start the daemon once, or check --config")
    }
    var configuration = GRDB.Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    do {
      let store = JobStore(queue: try DatabaseQueue(path: path, configuration: configuration))
      // The first read needs the files beside the database.
      _ = try store.queue.read { try Row.fetchOne($0, sql: "SELECT 1 FROM sqlite_master") }
      return store
    } catch let error as DatabaseError {
      // Without a daemon there is no -wal; a user without write permission can still read, because nothing changes.
      if let store = try? unchanging(path, configuration) { return store }
      throw Self.failure(error, path)
    }
  }

  /// Opens a database that no process writes, without creating any file beside it.
  private static func unchanging(_ path: String, _ configuration: GRDB.Configuration) throws -> JobStore? {
    guard !FileManager.default.fileExists(atPath: path + "-wal") else { return nil }
    var plain = CharacterSet.alphanumerics
    plain.insert(charactersIn: "/._-")
    guard let encoded = URL(fileURLWithPath: path).path.addingPercentEncoding(withAllowedCharacters: plain) else {
      return nil
    }
    let store = JobStore(queue: try DatabaseQueue(path: "file:\(encoded)?immutable=1", configuration: configuration))
    _ = try store.queue.read { try Row.fetchOne($0, sql: "SELECT 1 FROM sqlite_master") }
    return store
  }

  init(queue: DatabaseQueue, isChecked: Bool = true) {
    self.queue = queue
    self.isChecked = isChecked
  }

  /// Closes the connection; later calls fail.
  package func close() throws {
    mirror.withLock {
      $0?.finish()
      $0 = nil
    }
    try queue.close()
  }

  /// The first event that breaks the chain of hashes, or nil when the chain holds.
  package func firstBrokenEvent() throws -> Int64? {
    try verifyChain(last: .max).faults.first { $0.sequence != nil }?.sequence
  }

  /// The version of the SQLite library, for example `3.40.1`.
  package static func libraryVersion() throws -> String {
    try DatabaseQueue().read { try String.fetchOne($0, sql: "SELECT sqlite_version()") ?? "" }
  }

  /// The value of `synchronous`: `FULL` for the writer, so that committed data survive a power cut.
  package func durability() throws -> String {
    try read { try Int.fetchOne($0, sql: "PRAGMA synchronous") }.map { ["OFF", "NORMAL", "FULL", "EXTRA"][$0 & 3] }
      ?? ""
  }

  /// A value that the store keeps by name, for example the installation's identity.
  package func value(_ key: String) throws -> String? {
    try read { try String.fetchOne($0, sql: "SELECT value FROM meta WHERE key = ?", arguments: [key]) }
  }

  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    do {
      return try queue.read(body)
    } catch let error as DatabaseError {
      throw Self.failure(error, queue.path)
    }
  }

  func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
    do {
      let (value, schema) = try patiently {
        try queue.write { database in
          let schema = try watchSchema(database)
          return (try body(database), schema)
        }
      }
      seenSchema.withLock { $0 = schema }
      try queue.read { database in mirror.withLock { $0?.follow(database) } }
      return value
    } catch let error as DatabaseError {
      throw Self.failure(error, queue.path)
    }
  }

  static func failure(_ error: DatabaseError, _ path: String) -> StudyError {
    StudyError(
      isFull(error) ? .databaseFull : .database,
      "SQLite: \(error.message ?? "error") (\(error.extendedResultCode.rawValue))", file: path,
      hint: "check free space and permissions of its folder")
  }
}
