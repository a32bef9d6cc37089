internal import Configuration
internal import Errors
internal import Files
internal import Intake
internal import Jobs

/// Probes: children that examine whether a quiet study is complete.
enum ProbeRules {
  /// Starts probes for which there is a place, in the order of their requests, and kills those that take too
  /// long.
  static func start(_ core: inout Coordinator, _ now: BootTime) {
    for (name, entry) in core.inbox.entries {
      guard let probe = entry.probe, probe.deadline <= now else { continue }
      core.perform(.endProbe(name, token: probe.token))
      core.inbox.entries[name]?.probe?.deadline = now + 10
    }
    let places = max(2, core.configuration.maxJobs) - core.inbox.probeCount
    let waiting = core.inbox.entries.filter { $0.value.probe == nil }
      .compactMap { name, entry in entry.probeTurn.map { (name: name, turn: $0) } }
    for (name, _) in waiting.sorted(by: { $0.turn < $1.turn }).prefix(max(0, places)) {
      core.inbox.entries[name]?.probeTurn = nil
      guard let study = core.inbox.settling.studies[name] else { continue }
      core.inbox.tokens += 1
      let token = core.inbox.tokens
      core.inbox.entries[name]?.probe = Probe(
        token: token, fingerprint: study.listing.fingerprint, deadline: now + min(core.configuration.timeLimit, 300))
      core.perform(.probe(name, token: token))
    }
  }

  static func failed(_ core: inout Coordinator, _ name: InboxEntry, _ token: Int, _ error: StudyError, _ now: BootTime)
  {
    guard let probe = take(&core, name, token) else { return }
    core.log(.error, "a probe cannot be started: \(error.message)", code: error.code.name)
    core.inbox.settling.probed(name, fingerprint: probe.fingerprint, .unknown, at: now)
  }

  static func probed(
    _ core: inout Coordinator, _ name: InboxEntry, _ token: Int, _ report: ProbeReport, _ now: BootTime
  ) {
    guard let probe = take(&core, name, token) else { return }
    // The entry is another one by now, and waits for a probe of its own.
    guard core.inbox.entries[name]?.probeTurn == nil else { return }
    core.inbox.entries[name]?.estimate = report.memory
    core.inbox.entries[name]?.content = report.content.map { (probe.fingerprint, $0) }
    var verdict = report.verdict
    // A choice and no series: the answer that a job of that name waits for.
    if case .incomplete(let error) = verdict, error.code == "E_NO_SERIES", core.jobs.inReview(name.name) != nil,
      core.inbox.settling.studies[name]?.listing.choicesOwner != nil, !core.inbox.isReadOnly
    {
      core.inbox.entries[name]?.answer = probe.fingerprint
      verdict = .complete
    }
    if verdict == .unknown {
      core.log(.warning, "a probe failed, exit \(report.exit ?? -1), signal \(report.signal ?? 0)")
    }
    core.inbox.settling.probed(name, fingerprint: probe.fingerprint, verdict, at: now)
    core.showWaiting(name)
  }

  /// The probe that ended; nil for one that no longer counts.
  private static func take(_ core: inout Coordinator, _ name: InboxEntry, _ token: Int) -> Probe? {
    guard let probe = core.inbox.entries[name]?.probe, probe.token == token else { return nil }
    core.inbox.entries[name]?.probe = nil
    return probe
  }
}
