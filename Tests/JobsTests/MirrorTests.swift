import Errors
import Foundation
import Jobs
import Testing

/// The record a second time, as lines beside the database.
@Suite(.enabled(if: TestStore.hasShell, "needs sqlite3")) struct MirrorTests {
  private let test: TestStore
  private let mirror: String

  init() throws {
    test = try TestStore()
    mirror = test.path + "-audit"
  }

  private func files(_ name: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: mirror)) ?? []).filter { $0.hasPrefix(name) }.sorted()
  }

  private func lines(_ name: String) throws -> [Substring] {
    try files(name).flatMap {
      try String(contentsOfFile: mirror + "/" + $0, encoding: .utf8).split(separator: "\n").map { $0 }
    }
  }

  private func work(_ count: Int = 1) throws {
    for number in 0..<count {
      let job = try test.job("study \(number)")
      let inputs = [InputFile(path: "a", sha256: "abc", bytes: 3)]
      _ = try test.store.move(job, to: .queued, Change(.admitted, inputs: inputs))
    }
  }

  @Test("The mirror holds every event, also those from before it existed")
  func mirrorHoldsEveryEvent() throws {
    try work()
    try test.store.mirror(to: mirror)
    #expect(try lines("events").count == 2)
    try work(2)
    try test.store.note(.paused)
    let events = try lines("events")
    #expect(events.count == 7 && test.store.mirrorFault == nil)
    let last = try #require(try JSONSerialization.jsonObject(with: Data(events[6].utf8)) as? [String: Any])
    #expect(last["hash"] as? String == (try test.store.anchor()).hash && last["kind"] as? String == "PAUSED")
    let jobs = try lines("jobs")
    #expect(jobs.contains { $0.contains("\"study\":\"study 1\"") && $0.contains("\"inputs\":[{") })
    let report = try test.store.verifyChain(mirror: mirror)
    #expect(report.isSound && report.mirrored == 7, "\(report)")
  }

  @Test("A full file of the mirror is followed by another")
  func fullMirrorFilesAreRotated() throws {
    try test.store.mirror(to: mirror, fileSize: 1000)
    try work(6)
    #expect(files("events").count > 2)
    #expect(files("events").first == "events-000000000001.jsonl")
    #expect(try test.store.verifyChain(mirror: mirror).mirrored == 12)
  }

  @Test("A line that a power cut left half written is written again")
  func halfWrittenMirrorLineIsRewritten() throws {
    try test.store.mirror(to: mirror)
    try work()
    try test.store.close()
    let path = mirror + "/" + files("events")[0]
    let whole = try #require(FileManager.default.contents(atPath: path))
    try whole.dropLast(40).write(to: URL(fileURLWithPath: path))
    let store = try JobStore.writer(test.path)
    try store.mirror(to: mirror)
    #expect(FileManager.default.contents(atPath: path) == whole)
    try store.close()
  }

  @Test("A mirror that cannot be written blocks nothing, and its events are added later")
  func unwritableMirrorBlocksNothing() throws {
    try test.store.mirror(to: mirror)
    let path = mirror + "/events-000000000001.jsonl"
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/full")
    try work()
    #expect(test.store.mirrorFault != nil)
    try FileManager.default.removeItem(atPath: path)
    try work()
    #expect(test.store.mirrorFault == nil)
    #expect(try lines("events").count == 4)
  }

  @Test("A database that is behind its mirror is refused")
  func databaseBehindItsMirrorIsRefused() throws {
    try test.store.mirror(to: mirror)
    try work()
    let copy = test.path + "-copy"
    defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: copy + end) } }
    #expect(try test.sqlite("VACUUM INTO '\(copy)'").status == 0)
    try work()
    let older = try JobStore.writer(copy)
    let error = #expect(throws: StudyError.self) { try older.mirror(to: mirror) }
    #expect(error?.code.name == "E_AUDIT_BEHIND" && error?.code.exit == .configuration)
    #expect(error?.details == ["database": "2", "known": "4"])
    #expect(try older.verifyChain(mirror: mirror).faults.map(\.kind) == [.truncated])
    #expect(throws: StudyError.self) { try older.requireCurrent(try test.store.anchor()) }
    try older.close()
  }

  @Test("Differences between mirror and database are found")
  func mirrorDifferencesAreFound() throws {
    try test.store.mirror(to: mirror)
    try work()
    let path = mirror + "/" + files("events")[0]
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacingOccurrences(of: "\"actor\":\"daemon\"", with: "\"actor\":\"nobody\"")
      .write(toFile: path, atomically: true, encoding: .utf8)
    let faults = try test.store.verifyChain(mirror: mirror).faults
    #expect(faults.map(\.kind) == [.mirrorDiffers, .mirrorDiffers] && faults[0].sequence == 1, "\(faults)")
  }
}
