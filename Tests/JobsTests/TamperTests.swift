import Errors
import Foundation
import Jobs
import Testing

/// Nothing in the database can be changed, deleted, put in or exchanged without `audit verify` finding it.
@Suite(.enabled(if: TestStore.hasShell, "needs sqlite3")) struct TamperTests {
  private let world: TamperedWorld

  init() throws { world = try TamperedWorld() }

  @Test("An untouched database verifies")
  func untouchedDatabaseVerifies() throws {
    #expect(try world.faults(after: "SELECT 1").isEmpty)
    let tables = try world.tables()
    #expect(
      tables.sorted() == ["attempts", "events", "grdb_migrations", "inputs", "jobs", "meta", "results", "seals"],
      "a new table needs rows in TamperedWorld")
    let document = try String(
      contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../docs/security.md"), encoding: .utf8)
    for table in tables { #expect(document.contains("`\(table)`"), "docs/security.md says what covers \(table)") }
    for table in tables { #expect(try world.rows(table).count > 1, "\(table) needs rows to exchange") }
  }

  @Test(
    "Every column and row of every table is covered",
    arguments: ["attempts", "events", "grdb_migrations", "inputs", "jobs", "meta", "results", "seals"])
  func everyColumnAndRowIsCovered(table: String) throws {
    #expect(try world.undetected([table]) == [])
  }

  @Test("Every column has distinct values that can be exchanged")
  func everyColumnHasDistinctValues() throws {
    for table in try world.tables() {
      for column in try world.columns(table) {
        #expect(try !world.exchanges(column).isEmpty, "\(table).\(column.name): all rows have the same value")
      }
    }
  }

  /// The test of the test: a verifier that does not look at one column lets exactly that one pass.
  @Test("A column without cover is named")
  func uncoveredColumnIsNamed() throws {
    let blind = """
      ATTACH '\(world.path)' AS kept;
      UPDATE main.jobs SET published_as = (SELECT published_as FROM kept.jobs WHERE kept.jobs.id = main.jobs.id);
      DETACH kept;

      """
    let missed = try world.undetected(["jobs"], blind: blind)
    #expect(!missed.isEmpty && missed.allSatisfy { $0.hasPrefix("jobs.published_as ") }, "\(missed)")
  }

  @Test("Triggers, indices, views and tables are compared")
  func schemaObjectsAreCompared() throws {
    let objects = try Shell.lines(
      world.path, "SELECT type || ' ' || name FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name")
    #expect(objects.count > 15)
    var attempts: [String] = []
    for object in objects {
      let parts = object.split(separator: " ").map(String.init)
      attempts.append("DROP \(parts[0]) \(parts[1])")
      switch parts[0] {
      case "trigger":
        attempts.append(
          "DROP TRIGGER \(parts[1]); CREATE TRIGGER \(parts[1]) BEFORE UPDATE ON events WHEN 0 BEGIN SELECT 1; END")
      case "index": attempts.append("DROP INDEX \(parts[1]); CREATE INDEX \(parts[1]) ON jobs (epoch)")
      case "table": attempts.append("ALTER TABLE \(parts[1]) ADD COLUMN another TEXT")
      default: Issue.record("a kind of object that is not tampered with: \(object)")
      }
    }
    attempts += [
      "CREATE TRIGGER helpful AFTER UPDATE ON jobs BEGIN UPDATE results SET probability = 0; END",
      "CREATE TRIGGER quiet INSTEAD OF INSERT ON v BEGIN SELECT 1; END", "CREATE VIEW v AS SELECT * FROM jobs",
      "CREATE TABLE more (x)", "CREATE INDEX more ON jobs (study)", "DROP INDEX jobs_study", "ANALYZE",
      "ALTER TABLE jobs RENAME COLUMN study TO name", "ALTER TABLE results DROP COLUMN facts",
    ]
    for sql in attempts where !sql.contains(" quiet ") {
      let faults = try world.faults(after: sql, keepsTriggers: false)
      #expect(faults.contains { $0.kind == .schemaDiffers }, "\(sql): \(faults)")
    }
  }

  /// What is changed between two events of a job would be covered by the later one.
  @Test(
    "A change while a job is under way stays on record",
    arguments: [
      "UPDATE jobs SET study = 'another'", "UPDATE attempts SET wall_seconds = 1", "DELETE FROM attempts",
      "UPDATE results SET probability = 0.5", "UPDATE inputs SET path = 'x'",
    ])
  func changeDuringAJobIsRecorded(sql: String) throws {
    let test = try TestStore()
    var job = try test.job()
    job = try test.store.move(
      job, to: .queued, Change(.admitted, inputs: [InputFile(path: "a", sha256: "1", bytes: 1)]))
    job = try test.store.move(job, to: .running, Change(.started, attempt: Attempt(job: job.id, number: 1)))
    var result = ResultRecord(manifestSHA256: "m")
    result.probability = 0.25
    job = try test.store.move(job, to: .publishing, Change(.computed, result: result)) { $0.outcome = .done }
    #expect(try test.sqlite(sql).status == 0)
    _ = try test.store.move(job, to: .done, Change(.published)) { $0.publishedAs = "x" }
    let faults = try test.store.verifyChain().faults
    #expect(faults.contains { $0.kind == .stateDiffers && $0.job == job.id.text }, "\(faults)")
  }

  @Test("A value that is changed between two events stays on record")
  func changeBetweenEventsIsRecorded() throws {
    let test = try TestStore()
    try test.store.setValue("paused", "why")
    #expect(try test.sqlite("UPDATE meta SET value = ''").status == 0)
    try test.store.setValue("stalled", "x")
    let faults = try test.store.verifyChain().faults
    #expect(faults.contains { $0.kind == .stateDiffers && $0.message.contains("meta") }, "\(faults)")
  }

  @Test("A trigger that existed for a while is on record")
  func temporaryTriggerIsRecorded() throws {
    let test = try TestStore()
    let job = try test.job()
    #expect(try test.sqlite("CREATE TRIGGER t AFTER UPDATE ON jobs BEGIN SELECT 1; END").status == 0)
    _ = try test.store.move(job, to: .queued, Change(.admitted))
    #expect(try test.sqlite("DROP TRIGGER t").status == 0)
    let report = try test.store.verifyChain()
    #expect(report.isSound && report.explained.contains { $0.contains("schema") }, "\(report)")
    #expect(try test.store.events().contains { $0.kind == .security && $0.details["what"] == "schema" })
  }

  @Test("A missing mirror and missing anchors are reported")
  func missingMirrorAndAnchorsAreReported() throws {
    let store = try JobStore.reader(world.path)
    defer { try? store.close() }
    #expect(try store.verifyChain(own: world.anchors, mirror: world.mirror).isSound)
    let gone = try store.verifyChain(own: [], mirror: world.mirror + "-gone").faults
    #expect(gone.map(\.kind) == [.witnessMissing, .witnessMissing], "\(gone)")
    // The rows of jobs are half of it.
    for name in try FileManager.default.contentsOfDirectory(atPath: world.mirror) where name.hasPrefix("jobs-") {
      let path = world.mirror + "/" + name
      try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
      #expect(try store.verifyChain(mirror: world.mirror).faults.map(\.kind) == [.witnessMissing])
      try FileManager.default.moveItem(atPath: path + ".away", toPath: path)
    }
    // Cut to an earlier length, or with a line taken out.
    let file = try #require(
      try FileManager.default.contentsOfDirectory(atPath: world.mirror).first { $0.hasPrefix("events-") })
    let path = world.mirror + "/" + file
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    func put(_ lines: some Sequence<Substring>) throws {
      try (lines.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }
    try put(lines.prefix(5))
    #expect(try store.verifyChain(mirror: world.mirror).faults.map(\.kind) == [.witnessMissing])
    try put(lines.dropFirst(3))
    #expect(try store.verifyChain(mirror: world.mirror).faults.map(\.kind) == [.mirrorDiffers])
    try put(lines.prefix(5) + lines.dropFirst(6))
    #expect(try store.verifyChain(mirror: world.mirror).faults.map(\.kind) == [.mirrorDiffers])
  }
}
