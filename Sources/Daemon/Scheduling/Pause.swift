/// Holds computing back while the machine or its configuration stands in the way: 30 s, doubled up to 10 min, and after
/// each pause one job tries whether it is over. A value; times are seconds of the boot clock.
struct Pause: Sendable, Equatable {
  /// The first pause in seconds.
  var first = 30.0
  private(set) var failures = 0
  private(set) var until: Double?

  /// A job could not be computed for a reason that concerns all.
  mutating func fail(at now: Double) {
    until = now + Backoff.machine(first: first).delay(after: failures)
    failures += 1
  }

  /// A job was computed, or refused on its own account.
  mutating func clear() {
    failures = 0
    until = nil
  }

  /// How many jobs may run now, of `most`.
  func capacity(_ most: Int, at now: Double) -> Int {
    guard let until else { return most }
    return now < until ? 0 : 1
  }
}
