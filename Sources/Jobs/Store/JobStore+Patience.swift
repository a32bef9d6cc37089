internal import GRDB
internal import Glibc
internal import Synchronization

/// Whether to go on waiting for a database that somebody else has locked, asked about once a second with the seconds
/// waited so far.
public typealias Patience = @Sendable (Double) -> Bool

extension JobStore {
  /// Asked while a transaction waits; without it a transaction waits 5 s.
  public func wait(whileLocked patience: @escaping Patience) { self.patience.withLock { $0 = patience } }

  /// Seconds that transactions waited for somebody else's lock since this was last asked.
  public func takeWaitedSeconds() -> Double {
    waited.withLock { waited in
      defer { waited = 0 }
      return waited
    }
  }

  /// Tries again while the database is locked: nothing of a transaction that could not begin has happened.
  func patiently<Value>(_ body: () throws -> Value) throws -> Value {
    let patience = self.patience.withLock { $0 }
    let result = try Self.patiently(patience, body)
    if result.waited > 0 { waited.withLock { $0 += result.waited } }
    return result.value
  }

  static func patiently<Value>(_ body: () throws -> Value) throws -> Value { try patiently(nil, body).value }

  private static func patiently<Value>(
    _ patience: Patience?, _ body: () throws -> Value
  ) throws -> (value: Value, waited: Double) {
    let start = now
    var hasWaited = false
    while true {
      do {
        let value = try body()
        return (value, hasWaited ? now - start : 0)
      } catch let error as DatabaseError where isLocked(error) {
        hasWaited = true
        let seconds = now - start
        guard patience?(seconds) ?? (seconds < 5) else { throw error }
      }
    }
  }

  private static func isLocked(_ error: DatabaseError) -> Bool {
    error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED
  }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
