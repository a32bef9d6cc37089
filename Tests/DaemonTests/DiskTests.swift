import Foundation
import Intake
import Jobs
import Testing

extension WholeDaemon {
  /// Disks that are full, read-only, away or of another installation, and existing files on them.
  @Suite struct DiskTests {
    @Test("A foreign folder in the outbox is not overwritten")
    func foreignOutboxFolderIsNotOverwritten() async throws {
      let spool = try TestSpool()
      try spool.write(["mine": "x"], to: spool.root + "/outbox/study")
      let service = spool.start()
      try spool.drop("study")
      try await spool.waitForJobs(1)
      try await service.stop()
      #expect(spool.list("outbox/study") == ["mine"])
      #expect(spool.list("outbox/study-2").contains("manifest.json"))
      #expect(try spool.store().events().contains { $0.kind == .nameCollision })
    }

    @Test("A full disk pauses intake and loses nothing")
    func fullDiskPausesIntakeWithoutLoss() async throws {
      let spool = try TestSpool()
      let disk = FailingOperations()
      disk.fail("copy", with: ENOSPC)
      let service = spool.start(operations: disk)
      try spool.drop("study")
      try await spool.wait { ((try? spool.store().events()) ?? []).contains { $0.kind == .paused } }
      try spool.drop("other", ["mask": "o"])
      try await Task.sleep(for: .seconds(1))
      #expect(spool.list("inbox") == ["other"], "no more is taken in")
      #expect(try spool.jobs().map(\.state) == [.claiming])
      try await service.stop()
      // The next start has room again.
      let again = spool.start()
      try await spool.waitForJobs(2)
      try await again.stop()
      #expect(spool.list("outbox") == ["other", "study"])
      #expect(try spool.jobs().allSatisfy { $0.charges == 1 })
    }

    @Test("An outbox that cannot be written loses no result")
    func unwritableOutboxLosesNoResult() async throws {
      let spool = try TestSpool()
      let disk = FailingOperations()
      disk.fail("write to outbox", with: EROFS)
      let service = spool.start(operations: disk)
      try spool.drop("study", ["mask": "the mask"])
      try await spool.wait { service.log.text.contains("the outbox cannot be written") }
      #expect(try spool.jobs().map(\.state) == [.publishing])
      #expect(spool.list("outbox") == [])
      try await spool.wait { spool.text("status/study.txt")?.contains("the outbox is read-only") == true }
      #expect(spool.text("status/study.txt")?.contains("published by itself") == true)
      // Status files are written on a queue of their own.
      try await spool.wait { (try? spool.store().outboxReason())?.contains("the outbox is read-only") == true }
      try await service.stop()
      let again = spool.start()
      try await spool.waitForJobs(1)
      #expect(try spool.store().outboxReason() == nil)
      try await again.stop()
      #expect(spool.text("outbox/study/features.json") == "the mask")
      #expect(try spool.jobs().map(\.attempt) == [1], "it is not computed again")
    }

    @Test("A replaced inbox is served, and an unmounted one is not treated as empty")
    func replacedOrMissingInboxIsHandled() async throws {
      let spool = try TestSpool("incomplete_seconds: 60")
      let service = spool.start()
      try spool.drop("waits", ["slice": "1"])
      try await spool.wait { spool.text("status/waits.txt")?.contains("incomplete") == true }
      try FileManager.default.moveItem(atPath: spool.root + "/inbox", toPath: spool.root + "/away")
      try await spool.wait { service.log.text.contains("cannot be listed") }
      #expect(spool.text("status/waits.txt")?.contains("incomplete") == true, "what cannot be seen is not gone")
      try FileManager.default.moveItem(atPath: spool.root + "/away", toPath: spool.root + "/inbox")
      try await spool.wait { service.log.text.contains("the inbox is back") }
      try FileManager.default.moveItem(atPath: spool.root + "/inbox", toPath: spool.root + "/away")
      try spool.drop("study")
      try await spool.waitForJobs(1)
      try await service.stop()
      #expect(spool.list("outbox") == ["study"])
      #expect(spool.list("away") == ["urgent", "waits"])
    }
  }
}
