import Configuration
import Errors
import Jobs

extension JobsCommand.Export {
  /// Writes the table, and lists omissions on standard error.
  ///
  /// - Throws: `E_MIXED_FEATURES`, `E_NO_FEATURES`, `E_IO`.
  func exportFeatures(of jobs: [(job: Job, result: ResultRecord?)]) throws {
    let outbox = try Configuration.load(try Configuration.locate(source.config)).folders().outbox
    let selection = try FeatureSelection(jobs, profile: profile, keepsSuperseded: superseded)
    var export = FeatureExport(outbox: outbox)
    for (job, result) in selection.jobs { try export.add(job, result) }
    guard export.rowCount > 0 else {
      throw StudyError(
        .noFeatures, "of \(selection.jobs.count) jobs no result is in the outbox as it was recorded", file: outbox,
        hint: "features are read from the outbox: put the results back, or compute the studies again")
    }
    try Output.write(export.csvBytes, to: output)

    note(
      "\(export.rowCount) cases, profile \(selection.profile.name) (\(selection.profile.sha256.prefix(12)))")
    if selection.withoutResult > 0 { note("\(jobCount(selection.withoutResult)) left out: without a result") }
    if selection.ofOtherProfiles > 0 { note("\(jobCount(selection.ofOtherProfiles)) left out: of another profile") }
    if !selection.superseded.isEmpty {
      note("\(selection.superseded.count) results left out, replaced by a later one: \(names(selection.superseded))")
    }
    if !export.gone.isEmpty {
      note(
        "\(export.gone.count) results left out, not in the outbox as they were recorded: \(names(export.gone))")
    }
    if export.versions.count > 1 { note("measured by radiomicsd \(export.versions.joined(separator: ", "))") }
  }

  private func note(_ text: String) { StandardError.write("radiomicsd: note: \(text.escapedForLine)\n") }

  private func jobCount(_ count: Int) -> String { count == 1 ? "1 job" : "\(count) jobs" }

  private func names(_ jobs: [Job]) -> String {
    jobs.prefix(5).map(\.study).joined(separator: ", ") + (jobs.count > 5 ? ", …" : "")
  }
}
