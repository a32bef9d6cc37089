import Configuration
import Errors
import Jobs
import Operations

extension JobsCommand.Export {
  /// Writes the table, and says on standard error what is not in it.
  ///
  /// - Throws: `E_MIXED_FEATURES`, `E_NO_FEATURES`, `E_IO`.
  func exportFeatures(of jobs: [(job: Job, result: ResultRecord?)]) throws {
    let outbox = try Configuration.load(try Configuration.locate(source.config)).folders().outbox
    let export = try FeatureExport(of: jobs, outbox: outbox, profile: profile, keepsSuperseded: superseded)
    try Output.write(export.csvBytes, to: output)
    for note in export.notes { StandardError.write("radiomicsd: note: \(note.escapedForLine)\n") }
  }
}
