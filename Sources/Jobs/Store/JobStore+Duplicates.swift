internal import GRDB

extension JobStore {
  /// Finished jobs of this content that were computed with this pipeline, the latest first.
  public func done(inputDigest: String, pipeline: String) throws -> [Job] {
    try read { database in
      let jobs = try Row.fetchAll(
        database, sql: "SELECT * FROM jobs WHERE input_digest = ? AND state = 'done' ORDER BY sequence DESC LIMIT 100",
        arguments: [inputDigest]
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
