internal import Synchronization

/// The name of one job: a version 7 UUID (RFC 9562) in lower-case hexadecimal, so that names sort by time of admission.
/// Never reused. Safe as a file name.
package struct JobID: Sendable, Hashable, Comparable, CustomStringConvertible {
  package let text: String

  /// Accepts a text only when it has the form of a job's name: 8-4-4-4-12 lower-case hexadecimal digits.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 36 else { return nil }
    for (index, byte) in bytes.enumerated() {
      let isDash = index == 8 || index == 13 || index == 18 || index == 23
      guard isDash ? byte == 0x2D : Self.isHexadecimal(byte) else { return nil }
    }
    self.text = text
  }

  /// A new name for the current time; later names of one process sort after earlier ones.
  package static func new() -> JobID {
    let now = Timestamp.now.milliseconds
    let stamp = latest.withLock { last in
      last = max(last + 1, UInt64(max(0, now)) << 12)
      return last
    }
    let random = UInt64.random(in: .min ... .max)
    let high = (stamp >> 12) << 16 | 0x7000 | (stamp & 0xFFF)
    let low = (random & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
    let digits = hexadecimal(high) + hexadecimal(low)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index == 8 || index == 12 || index == 16 || index == 20 { text.append("-") }
      text.append(digit)
    }
    return JobID(checked: text)
  }

  package var description: String { text }
  package static func < (left: JobID, right: JobID) -> Bool { left.text < right.text }

  private init(checked text: String) { self.text = text }

  /// The last time stamp used: milliseconds and a counter of 12 bits.
  private static let latest = Mutex<UInt64>(0)

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
  }

  private static func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
