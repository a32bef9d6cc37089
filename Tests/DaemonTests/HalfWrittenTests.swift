import Daemon
import Files
import Foundation
import Intake
import Jobs
import Testing

extension DaemonRecovery {
  /// Copiers that give a file its final size first: Windows Explorer, rclone, FTP servers. A pause of theirs looks like the
  /// end of the copy.
  @Suite struct HalfWrittenTests {
    /// How a copier makes room for what it will write.
    enum Room: CaseIterable {
      case truncated, allocated

      func make(_ descriptor: Int32, _ size: Int) -> Bool {
        switch self {
        case .truncated: ftruncate(descriptor, off_t(size)) == 0
        case .allocated: posix_fallocate(descriptor, 0, off_t(size)) == 0
        }
      }
    }

    private static let size = 1 << 16
    private static let content = String(repeating: "x", count: size)

    /// A study whose mask has its final size and nothing in it, dropped; the mask is still open.
    private func dropHalf(_ spool: TestSpool, _ room: Room) throws -> Int32 {
      let draft = spool.root + "/half"
      try spool.write(["a": "1"], to: draft)
      let writer = open(draft + "/mask", O_WRONLY | O_CREAT, 0o660)
      try #require(writer >= 0 && room.make(writer, Self.size))
      try FileManager.default.createDirectory(atPath: spool.root + "/inbox", withIntermediateDirectories: true)
      try FileManager.default.moveItem(atPath: draft, toPath: spool.root + "/inbox/study")
      return writer
    }

    private func finish(_ writer: Int32) {
      #expect(Self.content.withCString { pwrite(writer, $0, Self.size, 0) } == Self.size)
      close(writer)
    }

    private func claimed(_ spool: TestSpool, _ file: String, study: String = "study") throws -> String {
      let job = try #require(try spool.jobs().last)
      return spool.root + "/inbox/.radiomicsd/claimed/\(job.id)/\(study)" + (file.isEmpty ? "" : "/" + file)
    }

    private func overwrite(_ path: String, _ text: String) throws {
      let file = try #require(FileHandle(forWritingAtPath: path))
      try file.write(contentsOf: Data(text.utf8))
      try file.close()
    }

    private func kinds(_ spool: TestSpool) throws -> [EventKind] { try spool.store().events().map(\.kind) }

    @Test(arguments: Room.allCases) func aFileThatSomebodyHasOpenToWriteIsNotSettled(_ room: Room) async throws {
      let spool = try TestSpool("incomplete_seconds: 1")
      let writer = try dropHalf(spool, room)
      let service = spool.start()
      try await spool.wait { spool.text("status/study.txt")?.contains("has a file open to write: mask") == true }
      // Longer than an incomplete study waits.
      try await Task.sleep(for: .seconds(1.5))
      #expect(try spool.jobs().isEmpty && spool.list("outbox") == [])
      finish(writer)
      try await spool.waitForJobs(1)
      try await service.stop()
      #expect(spool.text("outbox/study/features.json") == Self.content)
    }

    @Test(arguments: Room.allCases) func aFileWithBlocksThatWereNeverWrittenIsWaitedFor(_ room: Room) async throws {
      let spool = try TestSpool("incomplete_seconds: 3")
      close(try dropHalf(spool, room))
      let service = spool.start()
      try await spool.wait { spool.text("status/study.txt")?.contains("never written: mask") == true }
      try await Task.sleep(for: .seconds(0.6))
      #expect(try spool.jobs().isEmpty)
      // The same name, opened again: as a copier does that closes in between.
      finish(open(spool.root + "/inbox/study/mask", O_WRONLY))
      try await spool.waitForJobs(1)
      try await service.stop()
      #expect(spool.text("outbox/study/features.json") == Self.content)
    }

    @Test func aFileThatIsMeantToHaveHolesIsTakenInTheEnd() async throws {
      let spool = try TestSpool("incomplete_seconds: 1")
      close(try dropHalf(spool, .truncated))
      let service = spool.start()
      try await spool.waitForJobs(1)
      try await service.stop()
      #expect(spool.text("outbox/study/features.json")?.utf8.count == Self.size)
      #expect(try spool.jobs().map(\.state) == [.done])
    }

    @Test func aStudyThatChangesWhileItIsComputedIsComputedAgainAndNothingOfItIsPublished() async throws {
      let spool = try TestSpool()
      try spool.drop("study", ["mask": "half....", "delay": "1"])
      let service = spool.start()
      try await spool.wait { (try? spool.jobs().first?.state) == .running }
      try overwrite(try claimed(spool, "mask"), "all of it")
      try await spool.waitForJobs(2)
      try await service.stop()
      let jobs = try spool.jobs()
      #expect(jobs.map(\.state) == [.cancelled, .done])
      #expect(jobs[0].error?.code == "E_ORIGINAL_CHANGED" && jobs[0].publishedAs == nil && jobs[1].supersedes == nil)
      #expect(spool.list("outbox") == ["study"] && spool.brokenResults() == [])
      #expect(spool.text("outbox/study/features.json") == "all of it")
      #expect(spool.text("done/study/mask") == "all of it" && spool.list("inbox") == [] && spool.list("failed") == [])
      #expect(try kinds(spool).count { $0 == .originalChanged } == 1)
      #expect(try spool.store().firstBrokenEvent() == nil)
    }

    /// A job that is done, whose result is out and whose original is still claimed.
    private func published(_ spool: TestSpool, _ service: RunningService, _ state: JobState = .done) async throws {
      try await spool.wait { (try? spool.jobs().first?.state) == state }
      #expect(try spool.jobs().first?.swept == false)
    }

    private func expectSuperseded(_ spool: TestSpool, _ place: String = "") throws {
      let jobs = try spool.jobs()
      #expect(jobs.map(\.state) == [.done, .done], "\(place)")
      try #require(jobs.count == 2)
      #expect(jobs[0].error?.code == "E_ORIGINAL_CHANGED" && jobs[1].error == nil, "\(place)")
      #expect(jobs[1].supersedes == jobs[0].id, "\(place)")
      #expect(spool.list("outbox") == ["study", "study-2"] && spool.brokenResults() == [], "\(place)")
      #expect(spool.text("outbox/study-2/features.json")?.hasPrefix("all of it") == true, "\(place)")
      let status = spool.text("status/study.txt")
      #expect(status?.contains("result: study-2") == true && status?.contains("takes the place") == true, "\(place)")
      #expect(spool.list("inbox") == [] && spool.list("inbox/.radiomicsd/claimed") == [], "\(place)")
      #expect(try kinds(spool).count { $0 == .originalChanged } == 1, "\(place)")
      #expect(try spool.store().firstBrokenEvent() == nil, "\(place)")
    }

    @Test func aStudyThatChangesAfterItsResultIsOutIsComputedAgainAndItsResultTakesThatPlace() async throws {
      let spool = try TestSpool(settle: 1.2)
      try spool.drop("study", ["mask": "half....", "a": "1"])
      let service = spool.start()
      try await published(spool, service)
      try overwrite(try claimed(spool, "mask"), "all of it")
      try await spool.wait { ((try? spool.jobs())?.count ?? 0) == 2 }
      try await spool.waitForJobs(2)
      try await service.stop()
      try expectSuperseded(spool)
      #expect(spool.text("done/study/mask") == "all of it")
    }

    @Test func theSecondLookIsNotForgottenWhenTheDaemonEnds() async throws {
      let spool = try TestSpool(settle: 1.2)
      try spool.drop("study", ["mask": "half....", "a": "1"])
      var service = spool.start()
      try await published(spool, service)
      try await service.stop()
      #expect(try spool.jobs().first?.swept == false)
      try overwrite(try claimed(spool, "mask"), "all of it")
      service = spool.start()
      try await spool.wait { ((try? spool.jobs())?.count ?? 0) == 2 }
      try await spool.waitForJobs(2)
      try await service.stop()
      try expectSuperseded(spool)
    }

    @Test func aRefusalIsTakenBackWhenTheStudyChanges() async throws {
      let spool = try TestSpool(settle: 1.2)
      try spool.drop("study", ["mask": "all of it", "refuse": ""])
      let service = spool.start()
      try await published(spool, service, .rejected)
      try FileManager.default.removeItem(atPath: try claimed(spool, "refuse"))
      try await spool.wait { ((try? spool.jobs())?.count ?? 0) == 2 }
      try await spool.waitForJobs(2)
      try await service.stop()
      #expect(try spool.jobs().map(\.state) == [.rejected, .done])
      #expect(spool.text("outbox/study-2/features.json") == "all of it")
    }

    @Test func anArchiveThatIsWrittenInPlaceIsComputedAgain() async throws {
      let spool = try TestSpool(settle: 1.2)
      try spool.write(["study.zip": "half....."], to: spool.root + "/inbox")
      let service = spool.start()
      try await published(spool, service)
      try overwrite(try claimed(spool, "", study: "study.zip"), "all of it")
      try await spool.wait { ((try? spool.jobs())?.count ?? 0) == 2 }
      try await spool.waitForJobs(2)
      try await service.stop()
      try expectSuperseded(spool)
    }

    @Test(arguments: [false, true]) func timesAndPermissionsAloneChangeNothing(isRemote: Bool) async throws {
      let spool = try TestSpool()
      try spool.drop("study", ["mask": "m", "delay": "0.6"])
      let service = spool.start {
        let inbox = Path(spool.root + "/inbox")
        if isRemote { $0.fileSystem = { FileSystemKind(type: $0 == inbox ? 0x6969 : 0xEF53) } }
      }
      try await spool.wait { (try? spool.jobs().first?.state) == .running }
      let mask = try claimed(spool, "mask")
      try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: mask)
      #expect(chmod(mask, 0o640) == 0)
      try await spool.waitForJobs(1)
      try await service.stop()
      #expect(try spool.jobs().map(\.state) == [.done] && kinds(spool).allSatisfy { $0 != .originalChanged })
    }

    @Test(.enabled(if: SmallDisk.isPossible, "needs root, to mount folders read-only"))
    func aStudyOfAReadOnlyInboxThatChangesWhileItIsComputedIsComputedAgain() async throws {
      let spool = try TestSpool()
      let view = try ReadOnlyView(of: spool.root + "/share", at: spool.root + "/inbox")
      try spool.drop("study", ["mask": "half....", "delay": "1.5"], into: "share")
      let service = spool.start()
      try await spool.wait { (try? spool.jobs().first?.state) == .running }
      try overwrite(spool.root + "/share/study/mask", "all of it")
      try await spool.waitForJobs(2)
      try await service.stop()
      #expect(try spool.jobs().map(\.state) == [.cancelled, .done])
      #expect(spool.list("outbox") == ["study"] && spool.text("outbox/study/features.json") == "all of it")
      #expect(spool.text("share/study/mask") == "all of it")
      _ = view
    }

    /// From the change of a study whose result is out: the daemon dies at every operation of the second look and of what
    /// follows from it.
    @Test func aChangeSurvivesTheEndOfTheDaemonAtEveryOperation() async throws {
      @Sendable func changed() async throws -> TestSpool {
        let spool = try TestSpool(settle: 1)
        try spool.drop("study", ["mask": "half....", "a": "1"])
        let service = spool.start()
        try await published(spool, service)
        try await service.stop()
        try overwrite(try claimed(spool, "mask"), "all of it")
        return spool
      }
      @Sendable func isOver(_ spool: TestSpool) -> Bool {
        let jobs = (try? spool.jobs()) ?? []
        return jobs.count == 2 && jobs.allSatisfy { $0.state.isFinal && $0.swept }
      }
      let spool = try await changed()
      let counting = CrashingOperations(point: .max)
      let service = spool.start(operations: counting)
      try await spool.wait { isOver(spool) }
      let count = counting.operations
      try await service.stop()
      #expect(count > 40)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, number) in CrashPoints.below(count).enumerated() {
          if index >= 6 { try await group.next() }
          group.addTask {
            let point = 2 * number
            let spool = try await changed()
            let first = spool.start(operations: CrashingOperations(point: point))
            try await spool.wait { first.hasEnded || isOver(spool) }
            if !first.hasEnded { try? await first.stop() }
            #expect(spool.brokenResults() == [], "point \(point)")
            let second = spool.start()
            try await spool.wait { isOver(spool) }
            try await second.stop()
            try expectSuperseded(spool, "point \(point)")
            #expect(spool.text("done/study/mask") == "all of it", "point \(point)")
          }
        }
        try await group.waitForAll()
      }
    }
  }
}
