internal import Glibc

/// Time since the machine started, including sleep. This clock cannot be set, so waiting is measured with it.
package enum BootClock {
  package static var nanoseconds: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// The same in seconds.
  package static var now: Double { Double(nanoseconds) / 1e9 }
}
