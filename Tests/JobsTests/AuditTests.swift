import Documents
import Errors
import Foundation
import Jobs
import Testing

/// A finished job with inputs and a result: seven events.
private struct Recorded {
  let test = try! TestStore()
  let job: Job

  init(actor: String = "daemon") throws {
    var job = try test.job()
    // SHA-256 of "abc" (FIPS 180-4's example) is the digest of one file whose hash is the text "abc".
    let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    let inputs = [InputFile(path: "a", sha256: "abc", bytes: 3)]
    job = try test.store.move(job, to: .queued, Change(.admitted, details: ["input_digest": digest], inputs: inputs)) {
      $0.inputDigest = digest
    }
    job = try test.store.move(job, to: .held, Change(.held, actor: actor))
    job = try test.store.move(job, to: .queued, Change(.released, actor: actor))
    job = try test.store.move(job, to: .running, Change(.started)) { $0.attempt = 1 }
    var result = ResultRecord(manifestSHA256: "m")
    result.probability = 0.1
    result.positive = false
    job = try test.store.move(job, to: .publishing, Change(.computed, result: result)) { $0.outcome = .done }
    self.job = try test.store.move(job, to: .done, Change(.published))
  }

  /// The store is closed with the last owner of the test's database, so it is kept until the work is done.
  func store<Value>(_ body: (JobStore) throws -> Value) rethrows -> Value {
    try withExtendedLifetime(test) { try body(test.store) }
  }

  func verify(_ anchors: [ChainAnchor] = [], last: Int64? = nil) throws -> ChainReport {
    try store { try $0.verifyChain(anchors: anchors, last: last) }
  }

  func anchor() throws -> ChainAnchor { try store { try $0.anchor() } }

  /// What a stranger with sqlite3 and time can do: the triggers are put back as they were.
  func tamper(_ sql: String) throws {
    let triggers = try test.sqlite("SELECT sql || ';' FROM sqlite_master WHERE type = 'trigger'").output
    let free = "DROP TRIGGER IF EXISTS events_are_not_changed; DROP TRIGGER IF EXISTS events_are_not_deleted; "
    let (status, output) = try test.sqlite(free + sql + "; " + triggers)
    #expect(status == 0, "\(output)")
  }
}

@Suite(.enabled(if: TestStore.hasShell, "needs sqlite3")) struct AuditTests {
  @Test("A file of anchors with other content is refused, with the line")
  func malformedAnchorFileNamesTheLine() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("anchors-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let anchor = try Recorded().anchor()
    try (anchor.line + "{\"schema\":\"another/1\"}\n").write(toFile: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: StudyError.self) { try ChainAnchor.read(path) }
    #expect(error?.code.name == "E_AUDIT_ANCHOR" && error?.message.contains("line 2") == true)
    try anchor.line.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try ChainAnchor.read(path).map(\.hash) == [anchor.hash])
  }

  @Test("An untouched chain verifies")
  func untouchedChainVerifies() throws {
    let recorded = try Recorded()
    let anchor = try recorded.anchor()
    let report = try recorded.verify([anchor])
    #expect(report.isSound && report.events == 7 && report.jobs == 1 && report.anchors == 1, "\(report)")
    #expect(anchor.sequence == 7 && anchor.hash == report.hash && anchor.jobs == 1)
    // An anchor taken earlier holds as well when the chain goes on.
    try recorded.store { try $0.note(.daemonStopped) }
    #expect(try recorded.verify([anchor]).isSound)
    #expect(try recorded.verify(last: 3).events == 3)
  }

  @Test(
    "A changed chain names the event",
    arguments: [
      ("UPDATE events SET actor = 'nobody' WHERE sequence = 3", ChainFault.Kind.edited, 3),
      ("UPDATE events SET time = '2020' || substr(time, 5) WHERE sequence = 4", .edited, 4),
      ("UPDATE events SET details = '{}' WHERE sequence = 2", .edited, 2),
      ("UPDATE events SET job = NULL WHERE sequence = 2", .edited, 2),
      ("DELETE FROM events WHERE sequence = 3", .removed, 3),
      ("DELETE FROM events WHERE sequence BETWEEN 1 AND 2", .removed, 1),
      (
        "UPDATE events SET sequence = 99 WHERE sequence = 3; UPDATE events SET sequence = 3 WHERE sequence = 4; "
          + "UPDATE events SET sequence = 4 WHERE sequence = 99", .notContinued, 3
      ),
      (
        // Whatever its first digit is, it becomes another.
        "UPDATE events SET hash = CASE WHEN hash LIKE 'f%' THEN 'e' ELSE 'f' END || substr(hash, 2) WHERE sequence = 2",
        .edited, 2
      ),
    ])
  func changedChainNamesTheEvent(sql: String, kind: ChainFault.Kind, sequence: Int) throws {
    let recorded = try Recorded(actor: "user:a")
    try recorded.tamper(sql)
    let report = try recorded.verify()
    #expect(report.faults.first?.kind == kind, "\(report.faults)")
    #expect(report.faults.first?.sequence == Int64(sequence), "\(report.faults)")
    #expect(try recorded.store { try $0.firstBrokenEvent() } == Int64(sequence))
  }

  @Test(
    "Tables that disagree with the chain are found",
    arguments: [
      ("UPDATE jobs SET state = 'rejected'", "state is rejected"),
      ("UPDATE jobs SET input_digest = 'x'", "input digest"),
      ("UPDATE inputs SET sha256 = 'abd'", "input files"),
      ("UPDATE results SET probability = 0.9", "result is not"),
      ("UPDATE results SET positive = 1", "result is not"),
      ("UPDATE results SET model_sha256 = 'x'", "result is not"),
      ("DELETE FROM jobs", "row is gone"),
      ("DELETE FROM events WHERE sequence = 7", "last event says publishing"),
    ])
  func tablesAgainstTheChainAreFound(sql: String, message: String) throws {
    let recorded = try Recorded()
    try recorded.tamper(sql)
    let faults = try recorded.verify().faults
    #expect(faults.contains { $0.message.contains(message) && $0.job == recorded.job.id.text }, "\(faults)")
  }

  @Test("A truncated chain fails against an anchor")
  func truncatedChainFailsItsAnchor() throws {
    let recorded = try Recorded()
    try recorded.store { try $0.note(.daemonStopped) }
    let anchor = try recorded.anchor()
    try recorded.tamper("DELETE FROM events WHERE sequence > 7")
    #expect(try recorded.verify().isSound, "the chain alone cannot show it")
    let faults = try recorded.verify([anchor]).faults
    #expect(faults.map(\.kind) == [.truncated] && faults[0].sequence == 7, "\(faults)")
  }

  @Test("A rewritten chain fails against an anchor")
  func rewrittenChainFailsItsAnchor() throws {
    let anchor = try Recorded(actor: "user:a").anchor()
    let forged = try Recorded(actor: "user:b")
    #expect(try forged.verify().isSound, "the forged chain is sound in itself")
    let faults = try forged.verify([anchor]).faults
    #expect(faults.map(\.kind) == [.rebuilt] && faults[0].sequence == 7, "\(faults)")
  }

  @Test("Anchors are read back as they were written")
  func anchorsRoundTrip() throws {
    let recorded = try Recorded()
    let path = recorded.test.path + ".anchors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let first = try recorded.anchor()
    try first.append(to: path)
    try recorded.store { try $0.note(.daemonStopped) }
    let second = try recorded.anchor()
    try second.append(to: path)
    #expect(try ChainAnchor.read(path) == [first, second])
    try "{}\n".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(throws: (any Error).self) { try ChainAnchor.read(path) }
  }

  @Test("All events are exported, and none is a formula")
  func exportedEventsAreNeverFormulas() throws {
    let recorded = try Recorded(actor: "=HYPERLINK(1)")
    func export(_ format: AuditExport.Format, from: Timestamp? = nil, to: Timestamp? = nil) throws -> String {
      var text = ""
      try recorded.store { try $0.exportEvents(format, from: from, to: to) { text += $0 } }
      return text
    }
    let table = try CSVTable(bytes: Array(try export(.csv).utf8))
    #expect(table.rows.count == 7 && table.header.prefix(5) == ["sequence", "time", "boot_time_ns", "job", "kind"])
    let data = Data(try export(.json).utf8)
    let items = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
    #expect(items.count == 7 && items[2]["actor"] as? String == "=HYPERLINK(1)")
    #expect(items.map { $0["sequence"] as? Int } == Array(1...7))
    // Each column of the table, by name, beside the member of the document.
    let members = [
      "sequence": "sequence", "time": "time", "boot_time_ns": "bootTime", "job": "job", "kind": "kind",
      "from_state": "from", "to_state": "to", "attempt": "attempt", "actor": "actor", "previous_hash": "previousHash",
      "hash": "hash", "state_sha256": "stateHash",
    ]
    #expect(Set(table.header) == Set(members.keys).union(["details"]))
    for (row, item) in zip(table.rows, items) {
      for (column, member) in members where column != "actor" {
        let value = item[member].flatMap { $0 is NSNull ? nil : "\($0)" } ?? ""
        #expect(row[column] == value, "\(column)")
      }
    }
    #expect(table.rows[2]["actor"] == "'=HYPERLINK(1)" && table.rows[2]["kind"] == "HELD")
    #expect(table.rows[2]["details"]?.hasPrefix("{") == true)
    #expect((items[6]["details"] as? [String: String])?.isEmpty == true)
    let later = Timestamp(milliseconds: Timestamp.now.milliseconds + 1000)
    #expect(try export(.json, from: later) == "[]\n")
    #expect(try export(.json, to: later).count == data.count)
  }
}
