/// Pauses computing while the machine or its configuration is at fault: 30 s, doubled up to 10 min, and after
/// each pause one job tries whether it is over. A value; times are seconds of the boot clock.
struct Pause: Sendable, Equatable {
  /// The first pause in seconds.
  var first = 30.0
  private(set) var failures = 0
  private(set) var until: Double?

  /// A job could not be computed for a reason that concerns all jobs.
  mutating func fail(at now: Double) {
    until = now + Backoff.machine(first: first).delay(after: failures)
    failures += 1
  }

  /// A job was computed, or refused for a reason of its own.
  mutating func clear() {
    failures = 0
    until = nil
  }

  /// Number of jobs, of `most`, that may run now.
  func capacity(_ most: Int, at now: Double) -> Int {
    guard let until else { return most }
    return now < until ? 0 : 1
  }
}
