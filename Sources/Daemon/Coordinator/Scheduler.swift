internal import Configuration
internal import Errors
internal import Jobs

/// Which queued job starts next, and with how much memory.
package struct Scheduler: Sendable {
  var turns = Turns()
  var memory = MemoryTokens()
  /// The memory budget was requested since the last run started.
  var isMeasured = false
  /// The last job that was logged as waiting for memory.
  var memoryWait: JobID?
  /// The machine or its configuration is at fault.
  var pause = Pause()
  var breaker: CrashBreaker

  init(_ configuration: Configuration, pause first: Double) {
    breaker = CrashBreaker(limit: configuration.crashLimit, interval: configuration.crashProbe)
    pause.first = first
  }

  enum Choice: Equatable {
    case start(JobID)
    /// The budget must be known first.
    case measure
    /// This one would be next; there is no memory for it now.
    case waitForMemory(JobID)
    case none
  }

  /// - Parameter isFree: whether a job need not wait for the result of another one of its content.
  mutating func next(_ jobs: JobTable, _ configuration: Configuration, at now: BootTime, isFree: (Job) -> Bool)
    -> Choice
  {
    let most = min(
      pause.capacity(configuration.maxJobs, at: now), breaker.capacity(configuration.maxJobs, at: now))
    let runs = jobs.runs
    guard runs.count < most, !jobs.isPreparing, !runs.contains(where: \.run.isAlone) else { return .none }
    let queued = jobs.queued
    let free = queued.indices.filter { isFree(queued[$0]) }
    guard var place = turns.next(of: free, isUrgent: { queued[$0].isUrgent }).map({ free[$0] }) else { return .none }
    // Another crash of a job that has crashed already would prove nothing.
    if breaker.isOpen, let other = free.first(where: { !breaker.crashed.contains(queued[$0].id) }) { place = other }
    // With one at a time there is nothing to distribute.
    if runs.isEmpty, !isMeasured { return .measure }
    let order =
      [place] + free.filter { $0 != place && queued[$0].isUrgent } + free.filter { $0 != place && !queued[$0].isUrgent }
    let choice = memory.choose(
      of: order.map { (queued[$0].id, needsAll(queued[$0]) ? Int.max : token(queued[$0], configuration)) },
      given: jobs.memory, isIdle: runs.isEmpty)
    return choice.map { .start(queued[order[$0]].id) } ?? .waitForMemory(queued[place].id)
  }

  /// MiB that a run of a job may use: its estimate, no more than one job or all together may have. Without an estimate
  /// it may take all that one may.
  func token(_ job: Job, _ configuration: Configuration) -> Int {
    let most = most(configuration)
    let token = min(job.memory ?? most, most)
    guard needsAll(job) else { return token }
    // The run before was too small, and this one runs alone.
    return max(min(token, .max / 2) * 2, most)
  }

  /// MiB that one run may use beside others.
  func most(_ configuration: Configuration) -> Int {
    configuration.memoryLimit > 0 ? min(configuration.memoryLimit, memory.budget) : memory.budget
  }

  /// The run before ended for lack of memory: the next one gets twice as much, and runs alone.
  func needsAll(_ job: Job) -> Bool { job.error?.code == ErrorCode.outOfMemory.name }

  /// A run starts.
  mutating func started(_ job: Job, at now: BootTime) {
    breaker.tries(at: now)
    turns.gave(job.isUrgent)
    isMeasured = false
    if memoryWait == job.id { memoryWait = nil }
  }

  /// Why queued jobs do not start; nil where they only wait for a place.
  var pauseReason: String? {
    guard breaker.isOpen else { return nil }
    return "computing is paused: workers crashed on \(breaker.crashed.count) different studies in a row;"
      + " one is tried every \(Int(breaker.interval)) s"
  }

  mutating func configure(_ configuration: Configuration, at now: BootTime) {
    let wasOpen = breaker.isOpen
    breaker = CrashBreaker(limit: configuration.crashLimit, interval: configuration.crashProbe)
    if wasOpen { breaker.reopen(at: now) }
    // An operator who corrected the configuration does not want to wait for the end of the pause.
    pause.clear()
  }

  /// When a pause is over.
  func nextDeadline(at now: BootTime) -> BootTime? {
    [breaker.until, pause.until].compactMap(\.self).filter { $0 > now }.min()
  }
}
