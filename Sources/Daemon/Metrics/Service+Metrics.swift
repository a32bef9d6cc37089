internal import Configuration
internal import Errors
internal import Files
internal import Glibc
internal import Intake
internal import Jobs

extension Service {
  /// - Throws: `E_IO` where the socket cannot be made.
  func startMetrics() throws {
    counters.jobs = try store.counts()
    guard let path = configuration.metricsSocket else { return }
    let folders = [("inbox", layout.inbox), ("outbox", layout.outbox), ("state", layout.state)]
    let socket = try MetricsSocket(path) { Self.freeSpace(folders) }
    metrics = socket
    publishMetrics(BootClock.now)
    socket.serve()
  }

  /// Once a second, while somebody may ask.
  func publishMetrics(_ now: Double) {
    guard let metrics, now >= metricsAt else { return }
    metricsAt = now + 1
    var text = MetricsText()
    text.add("radiomicsd_info", "gauge", "Program and version.", [([("software", options.software)], 1)])
    text.add(
      "radiomicsd_jobs", "gauge", "Jobs in each state.",
      JobState.allCases.map { ([("state", $0.rawValue)], Double(counters.jobs[$0] ?? 0)) })
    text.add("radiomicsd_inbox_studies", "gauge", "Studies in the inbox.", [([], Double(settling.studies.count))])
    let wall = Timestamp.now.milliseconds
    let oldest = jobs.queued.first.map { Double(wall - $0.created.milliseconds) / 1000 } ?? 0
    text.add("radiomicsd_queue_oldest_seconds", "gauge", "Age of the oldest queued job.", [([], max(0, oldest))])
    let longest = jobs.runs.map { now - $0.run.began }.max() ?? 0
    text.add("radiomicsd_run_longest_seconds", "gauge", "How long the oldest worker runs.", [([], longest)])
    text.add(
      "radiomicsd_paused", "gauge", "1 while something of the machine stands in the way.",
      [
        ([("what", "computing")], computing.until == nil ? 0 : 1), ([("what", "intake")], intake.until == nil ? 0 : 1),
        ([("what", "outbox")], outboxFault == nil ? 0 : 1),
        ([("what", "inbox")], isInboxLost || isInboxStalled ? 1 : 0),
        ([("what", "space")], lacksSpace ? 1 : 0),
        ([("what", "crashes")], breaker.isOpen ? 1 : 0),
      ])
    if memory.budget < .max {
      let given = jobs.memory
      text.add(
        "radiomicsd_memory_bytes", "gauge", "Memory that running jobs are given, and that all together may be given.",
        [([("what", "given")], Double(given) * 1_048_576), ([("what", "budget")], Double(memory.budget) * 1_048_576)])
    }
    text.addSummary(
      "radiomicsd_stage_seconds", "Seconds that jobs spent in a state before they left it, since the start.",
      counters.stages.sorted { $0.key.rawValue < $1.key.rawValue }
        .map { ([("state", $0.key.rawValue)], $0.value.seconds, $0.value.count) })
    text.add(
      "radiomicsd_failures_total", "counter", "Refused studies and lost runs by code, since the start.",
      counters.failures.sorted { $0.key < $1.key }.map { ([("code", $0.key)], Double($0.value)) })
    text.add(
      "radiomicsd_database_log_bytes", "gauge", "Size of the job database's write-ahead log.", [([], Double(walBytes))])
    text.add(
      "radiomicsd_mirror_behind", "gauge", "1 while the mirror of events cannot be written.",
      [([], mirrorFault == nil ? 0 : 1)])
    text.add("radiomicsd_events_total", "counter", "Sequence of the last anchored event.", [([], Double(anchored))])
    metrics.publish(text.text)
  }

  /// On the socket's thread: a share that hangs delays whoever asks, and nothing else.
  private static func freeSpace(_ folders: [(String, Path)]) -> String {
    var text = MetricsText()
    let samples = folders.compactMap { name, path -> ([(String, String)], Double)? in
      var about = statvfs()
      guard path.withCString({ statvfs($0, &about) }) == 0 else { return nil }
      return ([("folder", name)], Double(about.f_bavail) * Double(about.f_frsize))
    }
    text.add("radiomicsd_free_bytes", "gauge", "Free space of the file systems of the folders.", samples)
    return text.text
  }
}
