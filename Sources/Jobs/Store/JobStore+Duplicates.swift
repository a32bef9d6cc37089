internal import GRDB

extension JobStore {
  /// Finished jobs of one of these contents that were computed with this pipeline, the latest first.
  package func done(inputDigests: Set<String>, pipeline: String) throws -> [Job] {
    try read { database in
      let places = inputDigests.map { _ in "?" }.joined(separator: ", ")
      let jobs = try Row.fetchAll(
        database,
        sql: "SELECT * FROM jobs WHERE input_digest IN (\(places)) AND state = 'done' ORDER BY sequence DESC LIMIT 100",
        arguments: StatementArguments(inputDigests)
      ).compactMap(JobRow.job)
      return try jobs.filter { job in
        let started = try String.fetchOne(
          database,
          sql: "SELECT details FROM events WHERE job = ? AND kind = 'STARTED' ORDER BY sequence DESC LIMIT 1",
          arguments: [job.id.text])
        return JobRow.details(started)["pipeline"] == pipeline
      }
    }
  }
}
