import Errors
import Foundation
import Jobs
import Testing

/// A job database in a temporary folder.
final class TestStore {
  let path: String
  let store: JobStore

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("jobs-\(UUID().uuidString).sqlite").path
    store = try JobStore.writer(path)
  }

  deinit {
    try? store.close()
    for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
  }

  func job(_ study: String = "study") throws -> Job {
    try store.insert(Job(id: .new(), study: study, studyBytes: Array(study.utf8)))
  }

  /// SQL as a stranger with sqlite3 would run it.
  func sqlite(_ sql: String) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/sqlite3")
    process.arguments = [path, sql]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, output)
  }

  static var hasShell: Bool { FileManager.default.isExecutableFile(atPath: "/usr/bin/sqlite3") }
}

@Suite struct JobStoreTests {
  @Test("A job is stored with its inputs, attempts, result and events")
  func jobIsStoredWithItsRecords() throws {
    let test = try TestStore()
    var job = Job(id: .new(), study: "st%FFudy", studyBytes: [0x73, 0xFF])
    job.listing = "fingerprint"
    job = try test.store.insert(job)
    let inputs = [InputFile(path: "b", sha256: "1", bytes: 3), InputFile(path: "a", sha256: "2", bytes: 0)]
    job = try test.store.move(job, to: .queued, Change(.admitted, inputs: inputs)) {
      $0.inputDigest = "digest"
      $0.inputBytes = 3
    }
    var attempt = Attempt(job: job.id, number: 1)
    job = try test.store.move(job, to: .running, Change(.started, attempt: attempt)) { $0.attempt = 1 }
    attempt.exitCode = 0
    attempt.wallSeconds = 1.5
    var result = ResultRecord(manifestSHA256: "m")
    result.probability = 0.1 + 0.2
    result.positive = true
    result.warnings = ["a \"quoted\"\nwarning", "ü"]
    job = try test.store.move(job, to: .publishing, Change(.computed, attempt: attempt, result: result)) {
      $0.outcome = .done
    }
    job = try test.store.move(job, to: .done, Change(.published)) { $0.publishedAs = "x" }
    let history = try test.store.history(of: try #require(try test.store.job(job.id)))
    #expect(history.job == job)
    #expect(history.job.studyBytes == [0x73, 0xFF])
    #expect(history.job.finished != nil)
    #expect(history.inputs == inputs)
    #expect(history.result == result)
    #expect(history.attempts.map(\.wallSeconds) == [1.5])
    #expect(history.events.map(\.kind) == [.claiming, .admitted, .started, .computed, .published])
    #expect(history.events.compactMap(\.to) == [.claiming, .queued, .running, .publishing, .done])
  }

  @Test("Transitions that are not in the state machine are refused")
  func invalidTransitionsAreRefused() throws {
    let test = try TestStore()
    let job = try test.job()
    #expect(throws: StudyError.self) { try test.store.move(job, to: .done, Change(.published)) }
    #expect(try test.store.events().count == 1)
  }

  @Test("A writer with a stale copy of a job is fenced")
  func staleWriterIsFenced() throws {
    let test = try TestStore()
    let job = try test.job()
    _ = try test.store.move(job, to: .queued, Change(.admitted))
    let error = #expect(throws: StudyError.self) { try test.store.move(job, to: .queued, Change(.admitted)) }
    #expect(error?.code.name == "E_STALE_JOB")
    #expect(try test.store.events().count == 2, "the refused change must leave no event")
  }

  @Test("Events can only be appended", .enabled(if: TestStore.hasShell, "needs sqlite3"))
  func eventsAreAppendOnly() throws {
    let test = try TestStore()
    _ = try test.job()
    for sql in ["UPDATE events SET actor = 'x'", "DELETE FROM events", "REPLACE INTO events SELECT * FROM events"] {
      let (status, output) = try test.sqlite("PRAGMA recursive_triggers = ON; " + sql)
      #expect(status != 0, "\(sql)")
      #expect(output.contains("append-only"), "\(sql): \(output)")
    }
    #expect(try test.store.firstBrokenEvent() == nil)
  }

  @Test("A changed event breaks the chain", .enabled(if: TestStore.hasShell, "needs sqlite3"))
  func changedEventBreaksTheChain() throws {
    let test = try TestStore()
    var job = try test.job()
    job = try test.store.move(job, to: .queued, Change(.admitted, details: ["bytes": "12"]))
    _ = try test.store.move(job, to: .held, Change(.held, actor: "user:a"))
    #expect(try test.store.firstBrokenEvent() == nil)
    let drop = "DROP TRIGGER events_are_not_changed; DROP TRIGGER events_are_not_deleted;"
    #expect(try test.sqlite(drop + "UPDATE events SET details = '{\"bytes\":\"13\"}' WHERE sequence = 2").status == 0)
    #expect(try test.store.firstBrokenEvent() == 2)
    #expect(
      try test.sqlite(
        "UPDATE events SET details = '{\"bytes\":\"12\"}' WHERE sequence = 2; DELETE FROM events WHERE sequence = 1"
      ).status == 0)
    #expect(try test.store.firstBrokenEvent() == 1)
  }

  @Test(
    "The database uses a write-ahead log and full synchronisation", .enabled(if: TestStore.hasShell, "needs sqlite3"))
  func databaseUsesFullSync() throws {
    let test = try TestStore()
    #expect(try test.sqlite("PRAGMA journal_mode").output == "wal\n")
    #expect(try test.store.durability() == "FULL")
  }

  @Test("Readers read while the writer writes and after it")
  func readersReadDuringAndAfterWrites() throws {
    let test = try TestStore()
    _ = try test.job("one")
    let reader = try JobStore.reader(test.path)
    #expect(try reader.jobs().map(\.study) == ["one"])
    _ = try test.job("two")
    #expect(try reader.jobs().map(\.study) == ["one", "two"])
    try reader.close()
    try test.store.close()
    let later = try JobStore.reader(test.path)
    #expect(try later.jobs().count == 2)
    try later.close()
    let copy = test.path + "-copy"
    try FileManager.default.copyItem(atPath: test.path, toPath: copy)
    defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: copy + end) } }
    #expect(try JobStore.reader(copy).jobs().count == 2, "without -wal and -shm beside it")
    #expect(throws: StudyError.self) { try JobStore.reader(copy).note(.paused) }
  }

  @Test("A damaged database is refused")
  func damagedDatabaseIsRefused() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("damaged-\(UUID().uuidString).sqlite").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: StudyError.self) { try JobStore.writer(path) }
    #expect(error?.code.exit == .configuration)
    #expect(FileManager.default.contents(atPath: path)?.first == 0x41, "it must be left as it is")
  }

  @Test("Jobs are found by id, by the beginning of an id and by study")
  func jobsAreFoundByIdPrefixAndStudy() throws {
    let test = try TestStore()
    let first = try test.job("alpha")
    let second = try test.job("alpha")
    #expect(try test.store.job(named: second.id.text).id == second.id)
    #expect(try test.store.job(named: "alpha").id == second.id, "the latest of a name")
    #expect(try test.store.job(named: String(first.id.text.prefix(30))).id == first.id)
    #expect(throws: StudyError.self) { try test.store.job(named: String(first.id.text.prefix(4))) }
    #expect(throws: StudyError.self) { try test.store.job(named: "beta") }
    #expect(throws: StudyError.self) { try test.store.job(named: "%") }
  }

  @Test("Lists are filtered by state and time")
  func listsFilterByStateAndTime() throws {
    let test = try TestStore()
    let job = try test.job("one")
    _ = try test.job("two")
    _ = try test.store.move(job, to: .queued, Change(.admitted))
    #expect(try test.store.jobs(state: .queued).map(\.study) == ["one"])
    #expect(try test.store.jobs(since: Timestamp(milliseconds: Timestamp.now.milliseconds + 10_000)).isEmpty)
    #expect(try test.store.jobs(limit: 1).map(\.study) == ["two"])
    #expect(try test.store.counts() == [.queued: 1, .claiming: 1])
  }

  @Test("A claim that took nothing leaves events but no job")
  func emptyClaimLeavesEventsButNoJob() throws {
    let test = try TestStore()
    let job = try test.job()
    try test.store.withdraw(job, reason: "gone")
    #expect(try test.store.jobs().isEmpty)
    #expect(try test.store.events().map(\.kind) == [.claiming, .claimAborted])
    #expect(throws: StudyError.self) { try test.store.withdraw(job, reason: "gone") }
  }
}

@Suite("Job databases and names that are not there")
struct JobStoreRefusalTests {
  @Test("a file that is not a database, and a name that no job has, are refused")
  func invalidDatabaseAndUnknownNameAreRefused() throws {
    let store = try TestStore()
    _ = try store.job("case 1")
    let unknown = #expect(throws: StudyError.self) { try store.store.job(named: "case 2") }
    #expect(unknown?.code.name == "E_NO_SUCH_JOB")
    let path = store.path + ".other"
    defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) } }
    try Data("this is no database, whatever its name says".utf8).write(to: URL(fileURLWithPath: path))
    let damaged = #expect(throws: StudyError.self) { try JobStore.writer(path) }
    #expect(damaged?.code.name == "E_DATABASE_UNUSABLE")
  }
}
