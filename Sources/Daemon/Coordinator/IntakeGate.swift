internal import Configuration
internal import Errors
internal import Files
internal import Intake
internal import Jobs

/// Whether studies may be taken now: turns, space, and faults.
package struct IntakeGate: Sendable {
  var turns = Turns()
  var pause = Pause()
  /// Why intake pauses, for users.
  var reason = ""
  /// Free space of the state folder's disk, when it was last measured.
  var space: FreeSpace?
  /// Until when that measure holds.
  var spaceUntil: BootTime = 0
  var isMeasuring = false

  init(pause first: Double) { pause.first = first }

  /// Whether a study can be copied and computed: three times its size and the reserve, besides the copies under way. A
  /// disk that cannot be asked has room.
  func hasRoom(bytes: Int64, files: Int, beside underWay: Int64, reserve: Int) -> Bool {
    guard let space else { return true }
    return space.bytes >= Self.needed(bytes &+ underWay, reserve: reserve)
      && space.inodes.map { $0 >= 2 * files + 64 } ?? true
  }

  static func needed(_ bytes: Int64, reserve: Int) -> Int64 {
    let (three, overflow) = bytes.multipliedReportingOverflow(by: 3)
    return overflow ? .max : three.addingReportingOverflow(Int64(reserve) << 20).partialValue
  }

  /// The disk or the share is at fault, not a study: none is tried for a while.
  mutating func fail(_ error: FileError, space: FreeSpace?, at now: BootTime) {
    pause.fail(at: now)
    let code = error.isNoSpace ? ErrorCode.noSpace : ErrorCode.io
    if error.isNoSpace {
      let hasInodes = space?.inodes.map { $0 > 64 } ?? true
      reason = "\(code.name): no \(hasInodes ? "space" : "inodes") for private copies (\(error))"
    } else if error.isReadOnly {
      reason = "\(code.name): the inbox or the state folder is read-only"
    } else {
      reason = "\(code.name): the disk or the share is in the way (\(error))"
    }
  }
}
