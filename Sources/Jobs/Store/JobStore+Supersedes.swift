internal import Errors
internal import Foundation
internal import GRDB

extension JobStore {
  /// The latest done job of a study whose original changed after its result was published, and which no other job
  /// replaces yet.
  package func outdated(_ studyBytes: [UInt8], except job: JobID) throws -> JobID? {
    try read { database in
      try String.fetchOne(
        database,
        sql: """
          SELECT id FROM jobs WHERE study_bytes = ? AND state = 'done' AND error_code = ? AND id <> ?
            AND id NOT IN (SELECT supersedes FROM jobs WHERE supersedes IS NOT NULL AND id <> ?)
          ORDER BY sequence DESC LIMIT 1
          """,
        arguments: [Data(studyBytes), ErrorCode.originalChanged.name, job.text, job.text]
      ).flatMap { JobID($0) }
    }
  }

  /// The latest done job that has fewer files than these and no others: the same series, before the rest came.
  /// `study.yaml` is ignored: it states choices, not content.
  package func superseded(by inputs: [InputFile], except job: JobID) throws -> JobID? {
    func counts(_ path: String) -> Bool {
      StudyFileName.instructions((path.split(separator: "/").last ?? "").utf8) == .no
    }
    let hashes = Set(inputs.filter { counts($0.path) }.map(\.sha256))
    guard hashes.count > 1 else { return nil }
    return try read { database in
      var shared: [String: Set<String>] = [:]
      let statement = try database.makeStatement(
        sql: """
          SELECT inputs.job FROM inputs JOIN jobs ON jobs.id = inputs.job
          WHERE inputs.sha256 = ? AND jobs.state = 'done' AND jobs.id <> ?
          """)
      for hash in hashes {
        for id in try String.fetchAll(statement, arguments: [hash, job.text]) { shared[id, default: []].insert(hash) }
      }
      var found: (sequence: Int64, job: JobID)?
      for (id, own) in shared where own.count < hashes.count {
        let rows = try Row.fetchAll(database, sql: "SELECT path, sha256 FROM inputs WHERE job = ?", arguments: [id])
        let files = rows.filter { counts($0["path"]) }.map { $0["sha256"] as String }
        // A mask alone, or one slice of many studies, does not make a job the predecessor of another.
        guard files.count > 1, files.allSatisfy({ own.contains($0) }),
          let sequence = try Int64.fetchOne(database, sql: "SELECT sequence FROM jobs WHERE id = ?", arguments: [id]),
          sequence > found?.sequence ?? 0, let earlier = JobID(id)
        else { continue }
        found = (sequence, earlier)
      }
      return found?.job
    }
  }
}
