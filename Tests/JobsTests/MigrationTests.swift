import Errors
import Foundation
import Jobs
import Testing

/// Databases of other versions.
@Suite(.enabled(if: TestStore.hasShell, "needs sqlite3")) struct MigrationTests {
  private func columns(_ test: TestStore) throws -> [String] {
    try test.sqlite("SELECT name FROM pragma_table_info('jobs')").output.split(separator: "\n").map(String.init)
  }

  /// A database of the first version: of the one before this, with what came since the first taken away again.
  private func older() throws -> TestStore {
    let test = try TestStore()
    try test.store.close()
    Shell.remove(test.path)
    try EarlierDatabase.make(test.path)
    let base = [
      "id", "sequence", "epoch", "study", "study_bytes", "state", "outcome", "attempt", "charges", "interruptions",
      "created", "updated", "started", "finished", "listing", "input_digest", "input_files", "input_bytes",
      "error_code", "error_message", "error_hint", "error_details", "published_as", "original_at", "swept", "retry_of",
    ]
    let later = try columns(test).filter { !base.contains($0) }
    #expect(later.count >= 6)
    let drop = later.map { "ALTER TABLE jobs DROP COLUMN \($0);" }.joined()
    let (status, output) = try test.sqlite(
      "DELETE FROM grdb_migrations WHERE identifier NOT LIKE '1 %'; DROP INDEX jobs_kept; DROP INDEX inputs_sha256;"
        + drop
        + "UPDATE events SET details = details WHERE 0; DELETE FROM results; ALTER TABLE results DROP COLUMN facts;")
    #expect(status == 0, "\(output)")
    return test
  }

  private func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

  @Test("An older database is migrated and a copy of it is kept")
  func olderDatabaseIsMigratedAfterACopy() throws {
    let test = try older()
    defer { remove(test.path + ".schema-1") }
    let store = try JobStore.writer(test.path)
    #expect(try store.jobs().map(\.study) == ["case-1", "case-2", "case-3"] && store.firstBrokenEvent() == nil)
    _ = try store.insert(Job(id: .new(), study: "new", studyBytes: Array("new".utf8)))
    try store.close()
    let kept = try DaemonCopy.query(
      test.path + ".schema-1", "SELECT count(*) FROM jobs; SELECT count(*) FROM grdb_migrations")
    #expect(kept == "3\n1\n")
  }

  /// What was there before events carried digests is sealed as it is, by one event, and covered from then on.
  @Test("The rows of the version before are sealed")
  func migrationSealsOlderRows() throws {
    let test = try TestStore()
    try test.store.close()
    Shell.remove(test.path)
    try EarlierDatabase.make(test.path)
    defer { remove(test.path + ".schema-6") }
    let before = try JobStore.reader(test.path)
    let old = try before.verifyChain()
    #expect(old.isSound && old.explained.contains { $0.contains("older radiomicsd") }, "\(old)")
    try before.close()
    let store = try JobStore.writer(test.path)
    let report = try store.verifyChain()
    #expect(report.isSound && report.coveredSince == 19 && report.events == 19, "\(report)")
    let sealed = try #require(try store.events().last)
    #expect(sealed.kind == .sealed && sealed.details["jobs"] == "3" && sealed.stateDigest != nil)
    // A sealed job goes on: from then on its own events cover it.
    let job = try store.job(named: "case-1")
    _ = try store.amend(job, Change(.purged)) { $0.originalAt = nil }
    #expect(try store.verifyChain().isSound)
    #expect(try test.sqlite("UPDATE jobs SET study = 'x' WHERE study = 'case-2'").status == 0)
    #expect(try store.verifyChain().faults.map(\.kind) == [.stateDiffers])
    // Opened again it is not sealed again.
    try store.close()
    let again = try JobStore.writer(test.path)
    #expect(try again.events().count { $0.kind == .sealed } == 1)
    #expect(try !again.verifyChain().isSound)
    try again.close()
  }

  /// The last migration fails: of those before it nothing may stay.
  @Test("A migration that fails leaves the old database")
  func failedMigrationKeepsOldDatabase() throws {
    let test = try older()
    defer { remove(test.path + ".schema-1") }
    #expect(try test.sqlite("ALTER TABLE results ADD COLUMN facts TEXT").status == 0)
    #expect(throws: StudyError.self) { try JobStore.writer(test.path) }
    #expect(try test.sqlite("SELECT count(*) FROM grdb_migrations").output == "1\n")
    #expect(try !columns(test).contains("choices"), "the second migration was taken back with it")
    // Mended, it goes on.
    #expect(try test.sqlite("ALTER TABLE results DROP COLUMN facts").status == 0)
    try JobStore.writer(test.path).close()
    #expect(try columns(test).contains("urgent"))
  }

  @Test("A newer database is refused and not changed")
  func newerDatabaseIsRefusedUnchanged() throws {
    let test = try TestStore()
    try test.store.close()
    #expect(try test.sqlite("INSERT INTO grdb_migrations VALUES ('99 the future')").status == 0)
    let error = #expect(throws: StudyError.self) { try JobStore.writer(test.path) }
    #expect(error?.code.name == "E_DATABASE_UNUSABLE" && error?.message.contains("newer") == true)
    #expect(try test.sqlite("SELECT count(*) FROM grdb_migrations WHERE identifier LIKE '99%'").output == "1\n")
  }

  /// What `jobs list`, a search by name and a start read, among many jobs. `bench/records` measures a million.
  @Test("A few among many jobs are found at once")
  func fewAmongManyJobsAreFoundFast() throws {
    let test = try TestStore()
    let (status, output) = try test.sqlite(
      """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
      INSERT INTO jobs (id, sequence, epoch, study, study_bytes, state, attempt, charges, interruptions, created, updated,
        listing, swept) SELECT printf('00000000-0000-7000-8000-%012d', i), i, 1, 'study ' || i, 'x', 'done', 1, 1, 0,
        '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', '', 1 FROM n;
      """.replacingOccurrences(of: "'x'", with: "x'78'"))
    #expect(status == 0, "\(output)")
    let start = ContinuousClock.now
    #expect(try test.store.jobsWithResults(limit: 1000).count == 1000)
    #expect(try test.store.job(named: "study 31234").sequence == 31234)
    #expect(try test.store.unfinished().isEmpty)
    #expect(try test.store.keptListings().isEmpty)
    #expect(try test.store.counts()[.done] == 60000)
    let time = ContinuousClock.now - start
    #expect(time < .seconds(1), "\(time)")
    for query in [
      "SELECT * FROM jobs WHERE swept = 0 ORDER BY sequence", "SELECT * FROM jobs WHERE study = 'x' ORDER BY sequence",
      "SELECT study_bytes FROM jobs WHERE original_at = 'inbox' ORDER BY sequence",
    ] {
      let plan = try test.sqlite("EXPLAIN QUERY PLAN " + query).output
      #expect(plan.contains("USING INDEX"), "\(query): \(plan)")
    }
  }
}

private enum DaemonCopy {
  static func query(_ path: String, _ sql: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/sqlite3")
    process.arguments = [path, sql]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return output
  }
}
