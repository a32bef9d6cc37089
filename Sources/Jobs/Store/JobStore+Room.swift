internal import GRDB
internal import Glibc
internal import Synchronization

extension JobStore {
  /// Asked each time a transaction finds no room on the disk, with the seconds since it first did; true tries it again, and
  /// whoever is asked waits as long as is wise. Without this, and on false, the transaction fails. Nothing of one that
  /// found no room has happened.
  public func wait(whileFull retry: @escaping @Sendable (Double) -> Bool) { room.withLock { $0 = retry } }

  func withRoom<Value>(_ body: () throws -> Value) throws -> Value {
    let start = Self.bootSeconds
    while true {
      do {
        return try body()
      } catch let error as DatabaseError where Self.isFull(error) {
        guard let retry = room.withLock({ $0 }), retry(Self.bootSeconds - start) else { throw error }
      }
    }
  }

  static func isFull(_ error: DatabaseError) -> Bool {
    error.resultCode == .SQLITE_FULL || error.extendedResultCode == .SQLITE_IOERR_SHMSIZE
  }

  private static var bootSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
