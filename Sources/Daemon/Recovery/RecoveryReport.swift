package import Jobs

/// Steps of a recovery, or of a dry run.
package struct RecoveryReport: Sendable {
  /// How the database was found.
  package var condition: RecordCondition
  /// Events and jobs that the old database and its mirror gave.
  package var events: Int64 = 0
  package var jobs = 0
  /// Jobs that only their folders know, with their new states.
  package var adopted: [(job: JobID, what: String)] = []
  /// Private copies without a job that are not whole: left where they are.
  package var damaged: [JobID] = []
  /// Lines of the mirror that could not be read.
  package var unreadable = 0
  /// Events that are known to be lost, as `3-7 12-12`.
  package var lost = ""
  /// The event RECOVERED.
  package var event: Int64?
  /// Where the old database is kept.
  package var kept: String?
  /// States of the jobs with which the daemon continues.
  package var unfinished: [JobState] = []

  init(condition: RecordCondition) { self.condition = condition }

  /// For people: one line each.
  package func lines(isDryRun: Bool) -> [String] {
    let will = isDryRun ? "would be" : "was"
    var lines: [String] = []
    switch condition {
    case .sound: return ["the job database is sound and knows all that its mirror and anchors know: nothing to do"]
    case .behind(let head, let known):
      lines.append("the job database ends with event \(head); event \(known) is known")
    case .damaged: lines.append("the job database is damaged")
    case .gone: lines.append("the job database is gone")
    case .newer: break
    }
    lines.append("from the record and its mirror: \(events) events, \(jobs) jobs")
    if unreadable > 0 { lines.append("lines of the mirror that cannot be read: \(unreadable)") }
    for (job, what) in adopted { lines.append("from its folders: \(job): \(what)") }
    for job in damaged { lines.append("a private copy that is not whole, left alone: \(job)") }
    lines.append(lost.isEmpty ? "events known to be lost: none" : "events known to be lost: \(lost)")
    var states: [JobState: Int] = [:]
    for state in unfinished { states[state, default: 0] += 1 }
    let goingOn = states.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.value) \($0.key.rawValue)" }
    lines.append("jobs the daemon goes on with: \(goingOn.isEmpty ? "none" : goingOn.joined(separator: ", "))")
    if let kept { lines.append("the old database \(will) kept as \(kept)") }
    if let event { lines.append("the chain \(isDryRun ? "would go" : "goes") on with event \(event), RECOVERED") }
    return lines
  }
}

extension RecordCondition {
  /// One word for the record.
  var word: String {
    switch self {
    case .sound: "sound"
    case .behind: "behind"
    case .damaged: "damaged"
    case .gone: "gone"
    case .newer: "newer"
    }
  }
}
