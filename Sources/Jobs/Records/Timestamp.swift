internal import Glibc

/// A moment of the wall clock in UTC, for people and for the order of days; nothing is timed with it.
package struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  package let milliseconds: Int64

  package init(milliseconds: Int64) { self.milliseconds = milliseconds }

  package static var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  /// `2026-11-23T10:47:07.123Z`: fixed width, so that texts sort like moments.
  package var description: String {
    var seconds = time_t(milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000)
    let fraction = Int(milliseconds - Int64(seconds) * 1000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return padded(Int(parts.tm_year) + 1900, 4) + "-" + padded(Int(parts.tm_mon) + 1, 2) + "-"
      + padded(Int(parts.tm_mday), 2) + "T" + padded(Int(parts.tm_hour), 2) + ":" + padded(Int(parts.tm_min), 2) + ":"
      + padded(Int(parts.tm_sec), 2) + "." + padded(fraction, 3) + "Z"
  }

  package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

  /// Reads the argument of `--since`: `90m`, `24h`, `7d` before now, or `2026-11-23`, or
  /// `2026-11-23T10:47:07Z` (UTC).
  package static func since(_ text: String, now: Timestamp = .now) -> Timestamp? {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800]
    if let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), (0...1_000_000).contains(count)
    {
      return Timestamp(milliseconds: now.milliseconds - count * unit * 1000)
    }
    return utc(text)
  }

  /// Reads `2026-11-23`, optionally followed by `T10:47`, `:07`, `.123` and `Z`.
  static func utc(_ text: String) -> Timestamp? {
    var digits = Array(text.utf8)[...]
    func number(_ width: Int, _ range: ClosedRange<Int32>) -> Int32? {
      var value: Int32 = 0
      for _ in 0..<width {
        guard let digit = digits.popFirst(), (0x30...0x39).contains(digit) else { return nil }
        value = value * 10 + Int32(digit - 0x30)
      }
      return range.contains(value) ? value : nil
    }
    func took(_ sign: Character) -> Bool {
      guard digits.first == sign.asciiValue else { return false }
      digits = digits.dropFirst()
      return true
    }
    var parts = tm()
    var fraction: Int32 = 0
    guard let year = number(4, 1970...9999), took("-"), let month = number(2, 1...12), took("-"),
      let day = number(2, 1...31)
    else { return nil }
    (parts.tm_year, parts.tm_mon, parts.tm_mday) = (year - 1900, month - 1, day)
    if took("T") {
      guard let hour = number(2, 0...23), took(":"), let minute = number(2, 0...59) else { return nil }
      (parts.tm_hour, parts.tm_min) = (hour, minute)
      if took(":") {
        guard let second = number(2, 0...60) else { return nil }
        parts.tm_sec = second
        if took(".") {
          guard let thousandths = number(3, 0...999) else { return nil }
          fraction = thousandths
        }
      }
      _ = took("Z")
    }
    guard digits.isEmpty else { return nil }
    return Timestamp(milliseconds: Int64(timegm(&parts)) * 1000 + Int64(fraction))
  }
}
