internal import Glibc

/// Seconds since the machine started, asleep or awake. Nobody can set this clock, so waiting is measured with it.
enum BootClock {
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
