import Errors
import Foundation
import Intake
import Jobs
import Testing

/// The state folder is for the daemon's user alone.
@Suite struct StateFolderTests {
  private func mode(_ path: String) throws -> Int {
    try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
  }

  private func set(_ mode: Int, _ path: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
  }

  /// Files and folders below `state` that users besides their owner may use.
  private func open(_ spool: TestSpool) throws -> [String] {
    let state = spool.root + "/state"
    return try FileManager.default.subpathsOfDirectory(atPath: state).filter { try mode(state + "/" + $0) & 0o077 != 0 }
  }

  @Test("A state folder that others may enter is refused", arguments: [0o755, 0o750, 0o701, 0o777])
  func openStateFolderIsRefused(mode: Int) async throws {
    let spool = try TestSpool()
    try spool.write([:], to: spool.root + "/state")
    try set(mode, spool.root + "/state")
    let service = spool.start()
    let error = await #expect(throws: StudyError.self) { try await service.ended() }
    #expect(error?.code.name == "E_STATE_PERMISSIONS" && error?.code.exit == .configuration)
    #expect(error?.hint.contains("chmod 0700 \(spool.root)/state") == true && !spool.exists("state/jobs.sqlite"))
  }

  @Test(
    "A folder that is a link is refused by name before anything is created behind it",
    arguments: ["state", "inbox", "outbox"])
  func linkedFolderIsRefusedByName(key: String) async throws {
    for target in ["real", "nowhere", key] {
      let spool = try TestSpool()
      try spool.write([:], to: spool.root + "/real")
      try set(0o700, spool.root + "/real")
      try FileManager.default.createSymbolicLink(atPath: "\(spool.root)/\(key)", withDestinationPath: target)
      let service = spool.start()
      let error = await #expect(throws: StudyError.self, "\(target)") { try await service.ended() }
      #expect(error?.code.name == "E_IO" && error?.message == "the folder \(key) is a symbolic link", "\(target)")
      #expect(error?.file == "\(spool.root)/\(key)" && error?.hint.contains("after \(key)") == true, "\(target)")
      #expect(spool.list("real") == [] && !spool.exists("state/lock") && !spool.exists("nowhere"), "\(target)")
    }
  }

  /// Only the folder itself: it may lie below a link.
  @Test("Folders below a link are served")
  func foldersBelowALinkAreServed() async throws {
    let spool = try TestSpool()
    let other = spool.root + "-link"
    try FileManager.default.createSymbolicLink(atPath: other, withDestinationPath: spool.root)
    defer { try? FileManager.default.removeItem(atPath: other) }
    let text = try #require(spool.text("radiomicsd.yaml"))
    try text.replacingOccurrences(of: "state: state", with: "state: \(other)/state")
      .write(toFile: spool.root + "/radiomicsd.yaml", atomically: true, encoding: .utf8)
    let service = spool.start()
    try spool.drop("study")
    try await spool.waitForJobs(1)
    try await service.stop()
    #expect(try spool.jobs().map(\.state) == [.done])
  }

  @Test("A configuration may leave a state folder as it is")
  func asFoundKeepsTheStateFolder() async throws {
    let spool = try TestSpool("state_permissions: as-found")
    try spool.write(["kept": "x"], to: spool.root + "/state")
    try set(0o755, spool.root + "/state")
    try set(0o644, spool.root + "/state/kept")
    let service = spool.start()
    try spool.drop("study")
    try await spool.waitForJobs(1)
    try await service.stop()
    #expect(try mode(spool.root + "/state/kept") == 0o644)
    #expect(try mode(spool.root + "/state/jobs.sqlite") == 0o600, "new files are private anyway")
  }

  @Test("Files in the state folder are private; others are made private, with an event")
  func stateFilesAreMadePrivateOnRecord() async throws {
    let spool = try TestSpool()
    var service = spool.start()
    try spool.drop("study")
    try await spool.waitForJobs(1)
    #expect(try mode(spool.root + "/state") == 0o700)
    #expect(try mode(spool.root + "/state/jobs.sqlite-wal") == 0o600)
    #expect(try open(spool) == [])
    try await service.stop()
    #expect(try !spool.store().events().contains { $0.kind == .stateTightened })
    try set(0o644, spool.root + "/state/jobs.sqlite")
    try set(0o640, spool.root + "/state/anchors.jsonl")
    try set(0o755, spool.root + "/state/audit")
    service = spool.start()
    try await spool.wait { service.log.text.contains("started") }
    #expect(try open(spool) == [])
    try await service.stop()
    let event = try #require(try spool.store().events().first { $0.kind == .stateTightened })
    #expect(event.details == ["files": "2", "folders": "1"])
    #expect(service.log.text.contains("could be read by others"))
  }

  @Test("A removed mirror is missed at the next start")
  func removedMirrorIsMissedAtStart() async throws {
    let spool = try TestSpool()
    var service = spool.start()
    try await spool.wait { service.log.text.contains("started") }
    try await service.stop()
    try FileManager.default.removeItem(atPath: spool.root + "/state/audit")
    try FileManager.default.removeItem(atPath: spool.root + "/state/anchors.jsonl")
    service = spool.start()
    try await spool.wait { service.log.text.contains("started") }
    try await service.stop()
    #expect(service.log.text.contains("the mirror is gone"))
    let report = try spool.store().verifyChain(mirror: spool.root + "/state/audit")
    #expect(report.isSound && report.explained.contains { $0.contains("mirror or anchors were gone") }, "\(report)")
  }
}
