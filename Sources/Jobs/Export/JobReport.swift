internal import Errors

/// Jobs as text for a terminal, with foreign text escaped.
package enum JobReport {
  /// One line per job: id, state, admission, study, outcome.
  package static func list(_ jobs: [(job: Job, result: ResultRecord?)]) -> String {
    guard !jobs.isEmpty else { return "no jobs\n" }
    var rows = [["JOB", "STATE", "ADMITTED", "STUDY", "OUTCOME"]]
    for (job, result) in jobs {
      rows.append([
        job.id.text, job.state.rawValue, String(job.created.description.prefix(19)) + "Z", job.study.escapedForLine,
        outcome(job, result),
      ])
    }
    return table(rows)
  }

  /// All facts of a job for a person.
  package static func history(_ history: JobHistory) -> String {
    let job = history.job
    var lines: [(String, String)] = [
      ("job", job.id.text), ("study", job.study.escapedForLine), ("state", job.state.rawValue),
      ("admitted", job.created.description), ("started", job.started?.description ?? "-"),
      ("finished", job.finished?.description ?? "-"), ("outcome", outcome(job, history.result)),
      ("outbox", job.publishedAs?.escapedForLine ?? "-"),
      ("original", job.originalAt?.escapedForLine ?? "in the inbox's claimed folder"),
    ]
    lines.append(("memory", job.memory.map { "\($0) MiB estimated" } ?? "not estimated"))
    if let retryOf = job.retryOf { lines.append(("retry of", retryOf.text)) }
    if let supersedes = job.supersedes { lines.append(("supersedes", supersedes.text)) }
    if let original = job.duplicateOf { lines.append(("duplicate of", original.text)) }
    if let choices = job.choices { lines.append(("chosen", choices.listing.escapedForLine)) }
    if job.state == .needsReview {
      lines.append(("review", "see status/\(job.study.escapedForLine).txt, or radiomicsd jobs resolve --help"))
    }
    if let result = history.result {
      lines.append(
        (
          "probability",
          result.probability.map { String($0) + (result.isOutsideCohort == true ? ", not to be relied on" : "") }
            ?? (result.modelName == nil
              ? "none: no model" : "withheld" + (result.facts["withheld"].map { ": \($0.escapedForLine)" } ?? ""))
        ))
      if let outside = result.isOutsideCohort {
        lines.append(("cohort", outside ? "OUTSIDE the model's training cohort, or not known" : "inside"))
      }
      if let positive = result.positive, let threshold = result.threshold {
        lines.append(("decision", "\(positive ? "positive" : "negative") at threshold \(threshold)"))
      }
      let demonstration = result.demonstration == true ? " (demonstration model)" : ""
      lines.append(
        ("model", "\(result.modelName ?? "none") \(result.modelVersion ?? "")\(demonstration)".escapedForLine))
      lines.append(("model sha256", result.modelSHA256 ?? "-"))
      lines.append(("profile", (result.profileName ?? "-").escapedForLine))
      lines.append(("profile sha256", result.profileSHA256 ?? "-"))
      lines.append(("features", result.featureCount.map { String($0) } ?? "-"))
      lines.append(("features sha256", result.featuresSHA256 ?? "-"))
      lines.append(("manifest sha256", result.manifestSHA256))
      for warning in result.warnings { lines.append(("warning", warning.escapedForLine)) }
    }
    if let error = job.error {
      lines.append(("error", "\(error.code.escapedForLine): \(error.message.escapedForLine)"))
      if !error.hint.isEmpty { lines.append(("what to do", error.hint.escapedForLine)) }
      for key in error.details.keys.sorted() {
        lines.append(("  " + key.escapedForLine, (error.details[key] ?? "").escapedForLine))
      }
    }
    lines.append(("input digest", job.inputDigest ?? "-"))
    lines.append(("input files", "\(job.inputFiles ?? 0), \(job.inputBytes ?? 0) bytes"))
    var text = ""
    for (name, value) in lines { text += padded(name, 16) + value + "\n" }

    text += "\nattempts\n"
    let runs = history.attempts.map { run -> [String] in
      let ending = run.signal.map { " (signal \($0))" } ?? run.exitCode.map { " (exit \($0))" } ?? ""
      return [
        "  \(run.number)", run.started.description, run.wallSeconds.map(rounded) ?? "-",
        run.cpuSeconds.map(rounded) ?? "-", run.peakKilobytes.map { String($0 / 1024) } ?? "-",
        (run.outcome ?? "running") + ending,
      ]
    }
    text += table([["  NO", "STARTED", "SECONDS", "CPU", "PEAK MiB", "OUTCOME"]] + runs)
    text += "\ninputs\n"
    for file in history.inputs {
      text += "  \(file.sha256)  \(padded(String(file.bytes), 10)) \(file.path.escapedForLine)\n"
    }
    text += "\nevents\n"
    text += table(
      history.events.map { event in
        [
          "  \(event.sequence)", event.time.description, event.kind.rawValue, event.to?.rawValue ?? "",
          event.actor.escapedForLine,
          event.details.keys.sorted().map { "\($0)=\(event.details[$0] ?? "")" }.joined(separator: " ").escapedForLine,
        ]
      })
    return text
  }

  private static func outcome(_ job: Job, _ result: ResultRecord?) -> String {
    if let code = job.error?.code, job.state != .done || job.hasChangedOriginal { return code.escapedForLine }
    guard let result, job.state == .done else { return "" }
    let outside = result.isOutsideCohort == true
    let demonstration = result.demonstration == true ? ", demonstration model" : ""
    guard let probability = result.probability else {
      guard result.modelName != nil else { return "features only" }
      return "no probability: " + (outside ? "outside cohort" : "withheld") + demonstration
    }
    let shown = (probability * 10000).rounded() / 10000
    let call = "p = \(shown)" + (result.positive.map { $0 ? ", positive" : ", negative" } ?? "")
    return (outside ? "outside cohort, not to be relied on (\(call))" : call) + demonstration
  }

  private static func rounded(_ value: Double) -> String { String((value * 100).rounded() / 100) }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  /// Columns separated by two blanks; the last has its own length.
  private static func table(_ rows: [[String]]) -> String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
    var text = ""
    for row in rows {
      var line = ""
      for (column, cell) in row.enumerated() { line += column == columns - 1 ? cell : padded(cell, widths[column] + 2) }
      while line.last == " " { line.removeLast() }
      text += line + "\n"
    }
    return text
  }
}
