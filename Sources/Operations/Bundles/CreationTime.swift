internal import Errors
internal import Glibc

/// The time that a bundle says it was made at. It is told and never read from a clock, so that the same run gives the
/// same bytes.
package enum CreationTime {
  /// `YYYY-MM-DDTHH:MM:SSZ`
  package static func isValid(_ text: String) -> Bool {
    text.wholeMatch(of: #/[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z/#) != nil
  }

  /// The time in `SOURCE_DATE_EPOCH` (seconds since 1970, reproducible-builds.org), else 1970 itself.
  package static func ofEnvironment() throws -> String {
    let text = getenv("SOURCE_DATE_EPOCH").map { String(cString: $0) } ?? "0"
    guard var seconds = time_t(text), seconds >= 0, seconds < 253_402_300_800 else {
      throw StudyError(
        .usage, "SOURCE_DATE_EPOCH is not a number of seconds since 1970", hint: "unset it, or give --created")
    }
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let year = String(Int(parts.tm_year) + 1900)
    return String(repeating: "0", count: 4 - year.count) + year + "-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
      + "T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
  }
}
