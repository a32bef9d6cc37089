internal import GRDB

/// The contents of one folder of the outbox by the record.
package struct PublishedResult: Sendable, Equatable {
  package var job: JobID
  /// The job's order of admission.
  package var sequence: Int64
  /// The folder's name.
  package var folder: String
  /// The file that states the job's outcome: `manifest.json`, `error.json` or `duplicate.json`.
  package var document: String
  /// Its SHA-256; nil for errors and duplicates from before it was recorded.
  package var documentSHA256: String?
  /// SHA-256 of the other files by name; nil where only the document lists them.
  package var files: [String: String]?
}

extension JobStore {
  /// Number of jobs with a folder in the outbox.
  package func publishedCount() throws -> Int {
    try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM jobs WHERE published_as IS NOT NULL") ?? 0 }
  }

  /// Jobs that have a folder in the outbox, in order of admission, after one of them.
  package func published(after sequence: Int64, limit: Int) throws -> [PublishedResult] {
    try read { database in
      try Row.fetchAll(
        database, sql: Self.published + "AND jobs.sequence > ? ORDER BY jobs.sequence LIMIT ?",
        arguments: [sequence, limit]
      ).compactMap(Self.published)
    }
  }

  /// The latest of them, and a random sample of the others.
  package func publishedSample(_ count: Int) throws -> [PublishedResult] {
    try read { database in
      let rows = try Row.fetchAll(
        database,
        sql: Self.published + """
          AND jobs.sequence IN (SELECT sequence FROM (SELECT sequence FROM jobs WHERE published_as IS NOT NULL
              ORDER BY sequence DESC LIMIT ?1)
            UNION SELECT sequence FROM (SELECT sequence FROM jobs WHERE published_as IS NOT NULL
              ORDER BY random() LIMIT ?1)) ORDER BY jobs.sequence
          """, arguments: [count / 2])
      return rows.compactMap(Self.published)
    }
  }

  /// Whether a job is being published: its folder may already exist, and is not recorded yet.
  package func isPublishing(_ job: JobID) throws -> Bool { try self.job(job)?.state == .publishing }

  private static let published = """
    SELECT jobs.id, jobs.sequence, jobs.state, jobs.published_as, results.manifest_sha256,
      (SELECT details FROM events WHERE job = jobs.id AND kind IN ('COMPUTED', 'RESULT_RECOVERED')
        ORDER BY sequence DESC LIMIT 1) AS computed,
      (SELECT details FROM events WHERE job = jobs.id AND kind = 'PUBLISHED' ORDER BY sequence DESC LIMIT 1) AS published
    FROM jobs LEFT JOIN results ON results.job = jobs.id WHERE jobs.published_as IS NOT NULL
    """ + " "

  private static func published(_ row: Row) -> PublishedResult? {
    guard let id = JobID(row["id"]), let state = JobState(rawValue: row["state"]) else { return nil }
    var result = PublishedResult(
      job: id, sequence: row["sequence"], folder: row["published_as"], document: "error.json")
    let published = JobRow.details(row["published"])
    switch state {
    case .done:
      let computed = JobRow.details(row["computed"])
      result.document = "manifest.json"
      result.documentSHA256 = row["manifest_sha256"] ?? computed["manifest_sha256"]
      // A result that was recovered from its folder has another manifest than the run before it.
      if computed["manifest_sha256"] == result.documentSHA256 { result.files = computed["files"].map(files) }
    case .duplicate:
      result.document = "duplicate.json"
      result.documentSHA256 = published["document_sha256"]
    default: result.documentSHA256 = published["document_sha256"]
    }
    return result
  }

  /// `name=hash name=hash` as in the event; a name may contain spaces.
  static func files(_ text: String) -> [String: String] {
    var files: [String: String] = [:]
    var name = ""
    for part in text.split(separator: " ", omittingEmptySubsequences: false) {
      name += (name.isEmpty ? "" : " ") + part
      guard let equals = name.lastIndex(of: "="), name[equals...].utf8.count == 65 else { continue }
      files[String(name[..<equals])] = String(name[name.index(after: equals)...])
      name = ""
    }
    return files
  }
}
