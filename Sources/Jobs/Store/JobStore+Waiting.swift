internal import GRDB
internal import Synchronization

/// Whether to continue waiting, called each time a transaction was blocked, with the seconds since its first try.
/// The caller decides how long to wait; SQLite itself waits one second for a lock.
package typealias Patience = @Sendable (Double) -> Bool

/// A temporary obstacle to a transaction. A blocked transaction has changed nothing, so it is retried.
enum Obstacle: Hashable, Sendable {
  /// Another process has locked the database.
  case locked
  /// There is no room on its disk.
  case full

  func explains(_ error: DatabaseError) -> Bool {
    switch self {
    case .locked: error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED
    case .full: error.resultCode == .SQLITE_FULL || error.extendedResultCode == .SQLITE_IOERR_SHMSIZE
    }
  }

  /// The default where no other rule is set.
  var patience: Patience {
    switch self {
    case .locked: { $0 < 5 }
    case .full: { _ in false }
    }
  }

  /// Retries until the body succeeds, or the rule stops waiting.
  ///
  /// - Returns: the result of the body, and the seconds waited; 0 where there was no obstacle.
  func overcome<Value>(
    _ patience: Patience, _ body: () throws -> Value
  ) throws -> (value: Value, waited: Double) {
    let start = BootClock.now
    var hasWaited = false
    while true {
      do {
        let value = try body()
        return (value, hasWaited ? BootClock.now - start : 0)
      } catch let error as DatabaseError where explains(error) {
        hasWaited = true
        guard patience(BootClock.now - start) else { throw error }
      }
    }
  }
}

extension JobStore {
  /// Called while a transaction waits for another process' lock; without it a transaction waits 5 s.
  package func wait(whileLocked patience: @escaping Patience) { self.patience.withLock { $0[.locked] = patience } }

  /// Called while a transaction finds no room on the disk; without it the transaction fails.
  package func wait(whileFull patience: @escaping Patience) { self.patience.withLock { $0[.full] = patience } }

  /// Seconds that transactions waited for other processes' locks since the last call.
  package func takeWaitedSeconds() -> Double {
    waited.withLock { waited in
      defer { waited = 0 }
      return waited
    }
  }

  /// A transaction that is retried while a temporary obstacle blocks it.
  func patiently<Value>(_ body: () throws -> Value) throws -> Value {
    let patience = self.patience.withLock { $0 }
    func overcome<Inner>(_ obstacle: Obstacle, _ body: () throws -> Inner) throws -> (value: Inner, waited: Double) {
      try obstacle.overcome(patience[obstacle] ?? obstacle.patience, body)
    }
    return try overcome(.full) {
      let (value, seconds) = try overcome(.locked, body)
      if seconds > 0 { waited.withLock { $0 += seconds } }
      return value
    }.value
  }

  static func isFull(_ error: DatabaseError) -> Bool { Obstacle.full.explains(error) }
}
