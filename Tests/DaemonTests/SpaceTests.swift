import Daemon
import Files
import Foundation
import Intake
import Jobs
import Testing

extension WholeDaemon {
  /// Disks without room: studies wait where they are, their users read why, and it goes on by itself.
  @Suite struct SpaceTests {
    @Test func aStudyWithoutRoomIsNotTakenUntilThereIsSome() async throws {
      let spool = try TestSpool("reserve_mb: 100")
      let space = GivenSpace(FreeSpace(bytes: 99 << 20, inodes: 100_000))
      let service = spool.start { $0.freeSpace = { _ in space.value } }
      try spool.drop("study")
      try await spool.wait { spool.text("status/study.txt")?.contains("waiting_space") == true }
      #expect(spool.text("status/study.txt")?.contains("needs 100 MiB") == true)
      try await Task.sleep(for: .milliseconds(600))
      #expect(try spool.jobs().isEmpty && spool.list("inbox") == ["study"])
      space.value = FreeSpace(bytes: 1 << 40, inodes: 3)
      try await spool.wait { spool.text("status/study.txt")?.contains("and 3 files") == true }
      space.value = FreeSpace(bytes: 1 << 40)
      try await spool.waitForJobs(1)
      try await service.stop()
      #expect(try spool.jobs().map(\.state) == [.done])
      let events = try spool.store().events().filter { $0.details["what"] == "space" }
      #expect(events.map(\.kind) == [.paused, .resumed], "once each")
    }

    @Test func aFullDiskIsWaitedForWithoutAnybodysHelp() async throws {
      let spool = try TestSpool()
      let disk = FailingOperations()
      disk.fail("copy", with: ENOSPC)
      let service = spool.start(operations: disk) { $0.pause = 0.2 }
      try spool.drop("study")
      try await spool.wait { spool.text("status/study.txt")?.contains("no space for private copies") == true }
      try spool.drop("other", ["mask": "o"])
      try await spool.wait { spool.text("status/other.txt")?.contains("no space for private copies") == true }
      disk.heal()
      try await spool.waitForJobs(2)
      try await service.stop()
      #expect(try spool.jobs().allSatisfy { $0.state == .done && $0.charges == 1 })
      let events = try spool.store().events().filter { $0.details["what"] == "intake" }
      #expect(events.map(\.kind) == [.paused, .resumed], "once each")
    }

    @Test func fullOfFilesIsSaidToBeSo() async throws {
      let spool = try TestSpool()
      let disk = FailingOperations()
      disk.fail("copy", with: ENOSPC)
      let service = spool.start(operations: disk) { options in
        options.pause = 0.2
        options.freeSpace = { _ in FreeSpace(bytes: 1 << 40, inodes: disk.failures > 0 ? 0 : 100_000) }
      }
      try spool.drop("study")
      try await spool.wait { spool.text("status/study.txt")?.contains("no inodes for private copies") == true }
      try await service.stop()
    }

    @Test func aReadOnlyShareIsWaitedFor() async throws {
      let spool = try TestSpool()
      let disk = FailingOperations()
      disk.fail("rename", with: EROFS)
      let service = spool.start(operations: disk) { $0.pause = 0.2 }
      try spool.drop("study")
      try await spool.wait { spool.text("status/study.txt")?.contains("read-only") == true }
      #expect(spool.list("inbox") == ["study"])
      disk.heal()
      try await spool.waitForJobs(1)
      try await service.stop()
      #expect(try spool.jobs().map(\.state) == [.done])
    }

    /// As `cp -r` leaves a folder of mode 0755: its owner alone may move it, the daemon may read it.
    @Test func aStudyThatMayNotBeMovedIsComputedFromACopyAndStays() async throws {
      let spool = try TestSpool()
      let disk = FailingOperations()
      disk.fail("rename", with: EACCES)
      var service = spool.start(operations: disk) { $0.pause = 0.2 }
      try spool.drop("study")
      try await spool.waitForJobs(1)
      try await service.stop()
      #expect(spool.list("inbox") == ["study"] && spool.list("done") == [])
      let job = try #require(try spool.jobs().first)
      #expect(job.state == .done && job.originalAt == Job.inInbox && spool.brokenResults() == [])
      #expect(spool.text("status/study.txt")?.contains("the original stays in the inbox") == true)
      // It is not taken again, by another daemon either, which could move it; once changed it is a new study.
      service = spool.start()
      try await Task.sleep(for: .seconds(1.2))
      #expect(try spool.jobs().count == 1 && spool.list("inbox") == ["study"])
      try spool.write(["more": "1"], to: spool.root + "/inbox/study")
      try await spool.waitForJobs(2)
      try await service.stop()
      #expect(spool.list("inbox") == [] && spool.list("done") == ["study"])
    }

    @Test func aStudyThatMayNotBeReadIsTriedAgain() async throws {
      let spool = try TestSpool()
      let disk = FailingOperations()
      disk.fail("rename", with: EACCES)
      disk.fail("copy", with: EACCES)
      let service = spool.start(operations: disk) { $0.pause = 0.2 }
      try spool.drop("study")
      try await spool.wait { spool.text("status/study.txt")?.contains("may not be read") == true }
      #expect(try spool.jobs().isEmpty)
      disk.heal()
      try await spool.waitForJobs(1)
      try await service.stop()
      #expect(try spool.jobs().map(\.state) == [.done] && spool.list("done") == [])
    }
  }
}
