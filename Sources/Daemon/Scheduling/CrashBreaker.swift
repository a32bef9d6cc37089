internal import Jobs

/// Crashes of different studies in a row are not faults of the studies: a library, a model or a kernel has
/// changed. Then computing pauses, and one job tries now and then whether it is over. A value; times are seconds of the
/// boot clock.
struct CrashBreaker: Sendable, Equatable {
  /// So many different jobs may crash in a row.
  let limit: Int
  /// Seconds between two tries.
  let interval: Double
  /// Jobs that crashed since one ended as it should.
  private(set) var crashed: Set<JobID> = []
  /// When the next job may try; nil while computing is not paused.
  private(set) var until: Double?

  init(limit: Int, interval: Double) {
    self.limit = limit
    self.interval = interval
  }

  var isOpen: Bool { until != nil }

  /// A worker crashed. Returns true when computing pauses from now on.
  mutating func crash(_ job: JobID, at now: Double) -> Bool {
    crashed.insert(job)
    guard crashed.count > limit || isOpen else { return false }
    defer { until = now + interval }
    return !isOpen
  }

  /// A worker ended as it should: with a result, or with a reason. Returns true when computing continues from now on.
  mutating func clear() -> Bool {
    crashed = []
    defer { until = nil }
    return isOpen
  }

  /// The last daemon was paused: one job tries at once.
  mutating func reopen(at now: Double) { until = now }

  /// Number of jobs, of `most`, that may run now.
  func capacity(_ most: Int, at now: Double) -> Int {
    guard let until else { return most }
    return now < until ? 0 : 1
  }

  /// A job begins to try: no other before the interval is over.
  mutating func tries(at now: Double) { if isOpen { until = now + interval } }
}
