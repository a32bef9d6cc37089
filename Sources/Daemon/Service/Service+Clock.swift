internal import Jobs

extension Service {
  /// Seconds that the wall clock may go apart from the boot clock before it is put on record.
  static let clockTolerance = 5.0

  /// Puts on record that somebody set the wall clock: times on record before and after do not compare. Waiting is on the
  /// boot clock and is not touched; a suspended machine moves both.
  func watchClock(_ now: Double) throws {
    let offset = options.wallClock() - now
    guard let known = clockOffset else {
      clockOffset = offset
      return
    }
    let step = offset - known
    guard abs(step) > Self.clockTolerance else { return }
    clockOffset = offset
    log.warning("the wall clock was set by \(Int(step)) s; waiting goes on undisturbed")
    try record {
      try store.note(
        .clockJump, details: ["seconds": String((step * 1000).rounded() / 1000), "clock": Self.clock])
    }
  }
}
