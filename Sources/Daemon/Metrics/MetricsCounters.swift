internal import Jobs

/// Counts of events since the daemon started: a value without clock, disk or socket.
struct MetricsCounters: Sendable, Equatable {
  /// Seconds spent in a state, and how often it was left.
  struct Stage: Sendable, Equatable {
    var seconds = 0.0
    var count = 0
  }

  /// Jobs in each state now, with those of earlier starts.
  var jobs: [JobState: Int] = [:]
  private(set) var stages: [JobState: Stage] = [:]
  /// Refusals, failures and lost runs by error code.
  private(set) var failures: [String: Int] = [:]
  /// When a job entered its state, in seconds of the boot clock.
  private var entered: [JobID: Double] = [:]

  /// A job was admitted to `claiming`.
  mutating func added(_ job: Job, at now: Double) {
    jobs[job.state, default: 0] += 1
    entered[job.id] = now
  }

  /// A job went from one state to another.
  mutating func moved(_ job: Job, to next: Job, _ kind: EventKind, at now: Double) {
    jobs[job.state, default: 0] -= 1
    jobs[next.state, default: 0] += 1
    if let since = entered[job.id] {
      stages[job.state, default: Stage()].seconds += now - since
      stages[job.state, default: Stage()].count += 1
    }
    entered[job.id] = next.state.isFinal ? nil : now
    let failed: Set<EventKind> = [.refused, .gaveUp, .retrying, .deferred]
    if failed.contains(kind), let code = next.error?.code { failures[code, default: 0] += 1 }
  }

  /// A claim took nothing in the end.
  mutating func withdrawn(_ job: Job) {
    jobs[job.state, default: 0] -= 1
    entered[job.id] = nil
  }
}
