internal import Configuration
internal import Errors
internal import Files
internal import Glibc
internal import Intake
internal import Jobs

/// The daemon's state as the metrics socket shows it.
struct MetricsPage {
  var software: String
  var walBytes: Int64
  var isMirrorBehind: Bool
  /// The last anchored event.
  var anchored: Int64
  /// Wall clock, in milliseconds.
  var time: Int64

  func text(_ core: Coordinator, at now: BootTime) -> String {
    var text = MetricsText()
    text.add("radiomicsd_info", "gauge", "Program and version.", [([("software", software)], 1)])
    text.add(
      "radiomicsd_jobs", "gauge", "Jobs in each state.",
      JobState.allCases.map { ([("state", $0.rawValue)], Double(core.counters.jobs[$0] ?? 0)) })
    text.add(
      "radiomicsd_inbox_studies", "gauge", "Studies in the inbox.", [([], Double(core.inbox.settling.studies.count))])
    let oldest = core.jobs.queued.first.map { Double(time - $0.created.milliseconds) / 1000 } ?? 0
    text.add("radiomicsd_queue_oldest_seconds", "gauge", "Age of the oldest queued job.", [([], max(0, oldest))])
    let longest = core.jobs.runs.map { now - $0.run.began }.max() ?? 0
    text.add("radiomicsd_run_longest_seconds", "gauge", "How long the oldest worker runs.", [([], longest)])
    text.add(
      "radiomicsd_paused", "gauge", "1 while something of the machine stands in the way.",
      pauses(core).map { ([("what", $0.key)], $0.value ? 1 : 0) })
    let budget = core.scheduler.memory.budget
    if budget < .max {
      text.add(
        "radiomicsd_memory_bytes", "gauge", "Memory that running jobs are given, and that all together may be given.",
        [
          ([("what", "given")], Double(core.jobs.memory) * 1_048_576),
          ([("what", "budget")], Double(budget) * 1_048_576),
        ])
    }
    text.addSummary(
      "radiomicsd_stage_seconds", "Seconds that jobs spent in a state before they left it, since the start.",
      core.counters.stages.sorted { $0.key.rawValue < $1.key.rawValue }
        .map { ([("state", $0.key.rawValue)], $0.value.seconds, $0.value.count) })
    text.add(
      "radiomicsd_failures_total", "counter", "Refused studies and lost runs by code, since the start.",
      core.counters.failures.sorted { $0.key < $1.key }.map { ([("code", $0.key)], Double($0.value)) })
    text.add(
      "radiomicsd_database_log_bytes", "gauge", "Size of the job database's write-ahead log.", [([], Double(walBytes))])
    text.add(
      "radiomicsd_mirror_behind", "gauge", "1 while the mirror of events cannot be written.",
      [([], isMirrorBehind ? 1 : 0)])
    text.add("radiomicsd_events_total", "counter", "Sequence of the last anchored event.", [([], Double(anchored))])
    return text.text
  }

  private func pauses(_ core: Coordinator) -> KeyValuePairs<String, Bool> {
    [
      "computing": core.scheduler.pause.until != nil, "intake": core.gate.pause.until != nil,
      "outbox": core.health.outboxFault != nil, "inbox": core.inbox.isLost || core.inbox.isStalled,
      "space": core.inbox.lacksSpace, "crashes": core.scheduler.breaker.isOpen,
    ]
  }

  /// On the socket's thread: a share that hangs delays only the client that asks.
  static func freeSpace(_ layout: Layout) -> String {
    var text = MetricsText()
    let folders = [("inbox", layout.inbox), ("outbox", layout.outbox), ("state", layout.state)]
    let samples = folders.compactMap { name, path -> ([(String, String)], Double)? in
      var about = statvfs()
      guard path.withCString({ statvfs($0, &about) }) == 0 else { return nil }
      return ([("folder", name)], Double(about.f_bavail) * Double(about.f_frsize))
    }
    text.add("radiomicsd_free_bytes", "gauge", "Free space of the file systems of the folders.", samples)
    return text.text
  }
}
