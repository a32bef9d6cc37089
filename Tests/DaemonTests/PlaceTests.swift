import Daemon
import Errors
import Files
import Foundation
import Glibc
import Intake
import Jobs
import Testing

extension WholeDaemon {
  /// Folders that are not what they were: unmounted, on a network, on several disks, deleted under the daemon.
  @Suite struct PlaceTests {
    private static let memory = "/dev/shm"
    private static let hasTwoDisks = device("/dev/shm") != nil && device("/dev/shm") != device(NSTemporaryDirectory())

    private static func device(_ path: String) -> UInt? {
      var about = stat()
      return stat(path, &about) == 0 && access(path, W_OK) == 0 ? about.st_dev : nil
    }

    @Test func anInboxWithoutItsMarkerIsNotServed() async throws {
      let spool = try TestSpool()
      try await spool.start().stop()
      // The share is away; what is left is the empty folder it was mounted on.
      try FileManager.default.moveItem(atPath: spool.root + "/inbox", toPath: spool.root + "/share")
      try FileManager.default.createDirectory(atPath: spool.root + "/inbox", withIntermediateDirectories: false)
      let error = await #expect(throws: StudyError.self) { try await spool.start().ended() }
      #expect(error?.code.name == "E_INBOX_MARKER" && error?.code.exit == .configuration)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: spool.root + "/inbox") == [], "nothing was made in it")
      // Another installation's inbox is none of ours either.
      try spool.write([".radiomicsd-inbox": "somebody else\n"], to: spool.root + "/inbox")
      #expect(await #expect(throws: StudyError.self) { try await spool.start().ended() }?.code.name == "E_INBOX_MARKER")
      // An administrator says that this is the inbox now.
      try spool.write([".radiomicsd-inbox": ""], to: spool.root + "/inbox")
      try await spool.start().stop()
      // Mounted again, the old one is known as well.
      try FileManager.default.removeItem(atPath: spool.root + "/inbox")
      try FileManager.default.moveItem(atPath: spool.root + "/share", toPath: spool.root + "/inbox")
      let service = spool.start()
      try spool.drop("study")
      try await spool.waitForJobs(1)
      try await service.stop()
    }

    @Test func stateOnAFileSystemOfTheNetworkIsRefused() async throws {
      let spool = try TestSpool()
      for type: Int64 in [0x6969, 0x517B, 0xFF53_4D42] {
        let service = spool.start { $0.fileSystem = { _ in FileSystemKind(type: type) } }
        let error = await #expect(throws: StudyError.self) { try await service.ended() }
        #expect(error?.code.name == "E_STATE_REMOTE" && error?.code.exit == .configuration)
      }
      #expect(!spool.exists("state"), "nothing was made")
      try await spool.start { $0.fileSystem = { _ in FileSystemKind(type: 0xEF53) } }.stop()
    }

    @Test(.enabled(if: hasTwoDisks, "needs a second file system at /dev/shm"))
    func sharesOnAnotherFileSystemGetWholeResultsAndOriginals() async throws {
      let spool = try TestSpool()
      let other = "\(Self.memory)/radiomicsd-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: false)
      defer { try? FileManager.default.removeItem(atPath: other) }
      var text = try #require(spool.text("radiomicsd.yaml"))
      for folder in ["outbox", "done", "failed"] {
        text = text.replacingOccurrences(of: "\(folder): \(folder)\n", with: "\(folder): \(other)/\(folder)\n")
      }
      try text.write(toFile: spool.root + "/radiomicsd.yaml", atomically: true, encoding: .utf8)
      try spool.drop("good", ["mask": "m", "sub/a": "1"])
      try spool.drop("bad", ["mask": "m", "refuse": ""])
      let service = spool.start()
      try await spool.waitForJobs(2)
      try await service.stop()
      func list(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(other)/\(path)").filter { !$0.hasPrefix(".") }.sorted()
      }
      #expect(try list("outbox") == ["bad", "good"] && list("done") == ["good"] && list("failed") == ["bad"])
      #expect(try list("done/good") == ["mask", "sub"] && list("done/good/sub") == ["a"])
      let job = try #require(try spool.jobs().first { $0.study == "good" })
      _ = try ResultFolder.verify(Path("\(other)/outbox/good"), job: job.id)
      #expect(spool.list("inbox/.radiomicsd/claimed") == [])
    }

    @Test func foldersDeletedUnderTheDaemonCostNoStudy() async throws {
      let spool = try TestSpool("max_jobs: 1")
      let service = spool.start { $0.pause = 0.2 }
      try spool.drop("first", ["mask": "1", "delay": "1"])
      try await spool.wait { (try? spool.jobs().first?.state) == .running }
      try spool.drop("second", ["mask": "2"])
      try await spool.wait { (try? spool.jobs().last?.state) == .queued && (try? spool.jobs().count) == 2 }
      try FileManager.default.removeItem(atPath: spool.root + "/state/spool")
      try FileManager.default.removeItem(atPath: spool.root + "/outbox/.tmp")
      try await spool.waitForJobs(2)
      try await service.stop()
      #expect(try spool.jobs().map(\.state) == [.done, .done])
      #expect(spool.text("outbox/second/features.json") == "2")
    }

    @Test func aStudyWhoseCopyAndOriginalAreGoneFailsAndSaysSo() async throws {
      let spool = try TestSpool("max_jobs: 1")
      let service = spool.start()
      try spool.drop("first", ["mask": "1", "delay": "4"])
      try await spool.wait { (try? spool.jobs().first?.state) == .running }
      try spool.drop("second", ["mask": "2"])
      try await spool.wait { (try? spool.jobs().last?.state) == .queued && (try? spool.jobs().count) == 2 }
      let id = try #require(try spool.jobs().last?.id.text)
      try FileManager.default.removeItem(atPath: spool.root + "/state/spool/in/\(id)")
      try FileManager.default.removeItem(atPath: spool.root + "/inbox/.radiomicsd/claimed/\(id)")
      try await spool.waitForJobs(2)
      try await service.stop()
      let job = try #require(try spool.jobs().last)
      #expect(job.state == .failed && job.error?.code == "E_INPUT_LOST")
      #expect(spool.text("status/second.txt")?.contains("the original is gone") == true)
      #expect(spool.list("outbox/second") == ["error.json"])
    }

    /// A bit of the private copy flips after admission: the worker sees it, and the original is copied again.
    @Test(arguments: [false, true]) func aDamagedCopyIsMadeAgain(isOriginalDamaged: Bool) async throws {
      let spool = try TestSpool("max_jobs: 1")
      let service = spool.start()
      try spool.drop("first", ["mask": "1", "delay": "1"])
      try await spool.wait { (try? spool.jobs().first?.state) == .running }
      try spool.drop("second", ["mask": "the mask", "rehash": ""])
      try await spool.wait { (try? spool.jobs().last?.state) == .queued && (try? spool.jobs().count) == 2 }
      let id = try #require(try spool.jobs().last?.id.text)
      let places =
        ["state/spool/in/\(id)/input/mask"]
        + (isOriginalDamaged ? ["inbox/.radiomicsd/claimed/\(id)/second/mask"] : [])
      for place in places {
        try "the nask".write(toFile: spool.root + "/" + place, atomically: false, encoding: .utf8)
      }
      try await spool.waitForJobs(2)
      try await service.stop()
      let job = try #require(try spool.jobs().last)
      #expect(try spool.store().events().count { $0.kind == .inputChanged } == 1)
      if isOriginalDamaged {
        #expect(job.state == .failed && job.error?.code == "E_INPUT_LOST")
        #expect(spool.list("outbox/second") == ["error.json"])
      } else {
        #expect(job.state == .done && job.charges == 1 && job.attempt == 2)
        #expect(spool.text("outbox/second/features.json") == "the mask")
      }
    }
  }
}
