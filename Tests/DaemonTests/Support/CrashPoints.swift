import Foundation

/// The operations at which a daemon is made to die.
enum CrashPoints {
  /// Every one takes minutes: `make faults` requests it.
  static let areAll = ProcessInfo.processInfo.environment["RADIOMICSD_EVERY_CRASH_POINT"] == "1"

  /// Numbers below `end`: all of them, or every seventh, which meets places before an operation and after one in turn.
  static func below(_ end: Int) -> [Int] { Array(stride(from: areAll ? 0 : 3, to: end, by: areAll ? 1 : 7)) }
}
