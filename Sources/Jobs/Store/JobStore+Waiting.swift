internal import GRDB
internal import Synchronization

/// Whether to go on waiting, asked each time a transaction could not happen, with the seconds since it was first tried.
/// Whoever is asked waits as long as is wise; SQLite itself waits a second for a lock.
public typealias Patience = @Sendable (Double) -> Bool

/// What stands in the way of a transaction and may pass. Nothing of one that met it has happened, so it is tried again.
enum Obstacle: Hashable, Sendable {
  /// Somebody else has locked the database.
  case locked
  /// There is no room on its disk.
  case full

  func explains(_ error: DatabaseError) -> Bool {
    switch self {
    case .locked: error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED
    case .full: error.resultCode == .SQLITE_FULL || error.extendedResultCode == .SQLITE_IOERR_SHMSIZE
    }
  }

  /// Where nobody else was asked to be patient.
  var patience: Patience {
    switch self {
    case .locked: { $0 < 5 }
    case .full: { _ in false }
    }
  }

  /// Tries until it happens, or patience ends.
  ///
  /// - Returns: what the body gives, and the seconds waited; 0 where nothing stood in the way.
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
  /// Asked while a transaction waits for somebody else's lock; without it a transaction waits 5 s.
  public func wait(whileLocked patience: @escaping Patience) { self.patience.withLock { $0[.locked] = patience } }

  /// Asked while a transaction finds no room on the disk; without it the transaction fails.
  public func wait(whileFull patience: @escaping Patience) { self.patience.withLock { $0[.full] = patience } }

  /// Seconds that transactions waited for somebody else's lock since this was last asked.
  public func takeWaitedSeconds() -> Double {
    waited.withLock { waited in
      defer { waited = 0 }
      return waited
    }
  }

  /// A transaction, tried again while something stands in its way that may pass.
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
