import Daemon
import Errors
import Foundation
import Jobs
import Testing

extension DaemonRecovery {
  /// The job database is damaged, missing, or of yesterday.
  @Suite struct RecoveryTests {
    private static let database = "state/jobs.sqlite"

    /// One study done, one refused, one that asks, one queued: the service is stopped.
    private func worked() async throws -> TestSpool {
      let spool = try TestSpool()
      try spool.drop("finished", ["mask": "the mask", "a": "1"])
      try spool.drop("refused", ["mask": "r", "refuse": ""])
      try spool.drop("asks", ["mask": "q", "ask": ""])
      let service = spool.start()
      try await spool.wait {
        let jobs = (try? spool.jobs()) ?? []
        return jobs.count == 3 && jobs.allSatisfy { $0.swept || $0.state == .needsReview }
      }
      try spool.drop("waits", ["mask": "w", "delay": "2"])
      try await spool.wait { ((try? spool.jobs()) ?? []).contains { $0.state == .running } }
      try await service.stop()
      #expect(Set(try spool.jobs().map(\.state)) == [.done, .rejected, .needsReview, .queued])
      return spool
    }

    private func damage(_ spool: TestSpool) throws {
      let path = spool.root + "/" + Self.database
      let size = try #require(FileManager.default.contents(atPath: path)).count
      try Data(repeating: 0x41, count: size / 2).write(to: URL(fileURLWithPath: path))
      for end in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
    }

    private func recover(_ spool: TestSpool, dryRun: Bool = false) throws -> RecoveryReport {
      try RecordRecovery(spool.configuration).run(isDryRun: dryRun, actor: "user:tester")
    }

    /// The daemon continues: published results are known, waiting studies run, the chain holds.
    private func goOn(_ spool: TestSpool) async throws -> ChainReport {
      let service = spool.start()
      let asks = try #require(try spool.jobs().first { $0.study == "asks" })
      let folder = RequestFolder(state: spool.root + "/state")
      try await spool.wait { spool.exists("outbox/waits/manifest.json") }
      _ = try folder.post(JobRequest(.resolve, job: asks.id, actor: "tester", choices: JobChoices(series: "1.2.3")))
      try await spool.waitForJobs(4)
      try await service.stop()
      #expect(spool.list("outbox") == ["asks", "finished", "refused", "waits"], "nothing is published twice")
      #expect(spool.brokenResults() == [])
      let states = Dictionary(uniqueKeysWithValues: try spool.jobs().map { ($0.study, $0.state) })
      #expect(states == ["finished": .done, "refused": .rejected, "asks": .done, "waits": .done])
      let anchors = try ChainAnchor.read(spool.root + "/state/anchors.jsonl")
      return try spool.store().verifyChain(anchors: anchors, mirror: spool.root + "/state/audit")
    }

    @Test("A damaged database is rebuilt from its mirror")
    func damagedDatabaseIsRebuiltFromMirror() async throws {
      let spool = try await worked()
      let before = try spool.store().history(of: try spool.store().job(named: "finished"))
      let events = try spool.store().events()
      try damage(spool)
      let refusal = await #expect(throws: StudyError.self) { try await spool.start().ended() }
      #expect(refusal?.code.exit == .configuration && refusal?.hint.contains("radiomicsd recover") == true)

      let plan = try recover(spool, dryRun: true)
      #expect(plan.condition == .damaged && plan.jobs == 4 && plan.lost.isEmpty)
      #expect(plan.lines(isDryRun: true).contains { $0.contains("would be kept") })
      #expect(!spool.exists(Self.database + ".recovering"))
      let untouched = await #expect(throws: StudyError.self) { try await spool.start().ended() }
      #expect(untouched?.code.name == "E_DATABASE_UNUSABLE")

      let report = try recover(spool)
      #expect(report.events == Int64(events.count) && report.adopted.isEmpty, "\(report)")
      let kept = try #require(report.kept)
      #expect(FileManager.default.contents(atPath: kept)?.first == 0x41, "the damaged one is kept")
      let after = try spool.store().history(of: before.job)
      #expect(after.job == before.job && after.inputs == before.inputs && after.result == before.result)
      #expect(after.attempts == before.attempts && after.events == before.events)
      let recovered = try #require(try spool.store().events().first { $0.kind == .recovered && $0.job == nil })
      #expect(recovered.actor == "user:tester" && recovered.details["condition"] == "damaged")
      #expect(recovered.previousHash == events.last?.hash)
      #expect(try recover(spool).condition == .sound, "a second time there is nothing to do")

      let verified = try await goOn(spool)
      #expect(verified.isSound && verified.explained.isEmpty, "\(verified.faults)")
      // A restored result is known by its content, too.
      let service = spool.start()
      try spool.drop("twin", ["mask": "the mask", "a": "1"])
      try await spool.waitForJobs(5)
      try await service.stop()
      #expect(try spool.store().job(named: "twin").state == .duplicate)
    }

    @Test("Without a mirror the folders of jobs rebuild the record")
    func jobFoldersRebuildWithoutMirror() async throws {
      let spool = try await worked()
      let head = try spool.store().anchor().sequence
      try damage(spool)
      try FileManager.default.removeItem(atPath: spool.root + "/state/audit")
      let report = try recover(spool)
      #expect(report.events == 0 && report.jobs == 0 && report.adopted.count == 4, "\(report.adopted)")
      #expect(report.lost == "1-\(head)" && report.event == head + 1, "the anchors know how much is lost")
      let jobs = Dictionary(uniqueKeysWithValues: try spool.jobs().map { ($0.study, $0) })
      #expect(jobs["finished"]?.publishedAs == "finished" && jobs["finished"]?.originalAt == "done/finished")
      #expect(jobs["refused"]?.error?.code == "E_SLICE_GAP")
      #expect(jobs["waits"]?.inputFiles == 2 && jobs["asks"]?.state == .queued)
      #expect(try spool.store().result(of: try #require(jobs["finished"]).id)?.probability == 0.25)
      // A study that asked asks again.
      let service = spool.start()
      try await spool.wait { ((try? spool.jobs()) ?? []).contains { $0.state == .needsReview } }
      try await service.stop()
      let verified = try await goOn(spool)
      #expect(verified.isSound, "\(verified.faults)")
      #expect(verified.explained.contains { $0.contains("lost before the recovery") }, "\(verified.explained)")
    }

    @Test(
      "A database of yesterday is brought up to date",
      .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/sqlite3"), "needs sqlite3"))
    func olderBackupIsBroughtUpToDate() async throws {
      let spool = try TestSpool()
      let path = spool.root + "/" + Self.database
      try spool.drop("finished", ["mask": "the mask", "a": "1"])
      var service = spool.start()
      try await spool.waitForJobs(1)
      try await service.stop()
      #expect(try DaemonBinary.run(["/usr/bin/sqlite3", path, "VACUUM INTO '\(spool.root)/backup'"]).status == 0)
      service = spool.start()
      try spool.drop("later", ["mask": "l"])
      try await spool.waitForJobs(2)
      try await service.stop()
      for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
      try FileManager.default.copyItem(atPath: spool.root + "/backup", toPath: path)
      let error = await #expect(throws: StudyError.self) { try await spool.start().ended() }
      #expect(error?.code.name == "E_AUDIT_BEHIND" && error?.code.exit == .configuration)
      let report = try recover(spool)
      guard case .behind = report.condition else {
        Issue.record("\(report.condition)")
        return
      }
      #expect(try spool.jobs().map(\.study) == ["finished", "later"] && report.lost.isEmpty)
      service = spool.start()
      try await spool.wait { service.log.text.contains("started") }
      try await service.stop()
      #expect(spool.list("outbox") == ["finished", "later"])
      let anchors = try ChainAnchor.read(spool.root + "/state/anchors.jsonl")
      #expect(try spool.store().verifyChain(anchors: anchors, mirror: spool.root + "/state/audit").isSound)
    }

    @Test("Recovery is refused while a daemon runs, and without any source")
    func recoveryNeedsAStoppedDaemonAndSources() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try await spool.wait { service.log.text.contains("started") }
      let error = #expect(throws: StudyError.self) { try recover(spool) }
      #expect(error?.code.name == "E_ALREADY_RUNNING")
      try await service.stop()
      for file in ["jobs.sqlite", "jobs.sqlite-wal", "jobs.sqlite-shm", "audit", "anchors.jsonl"] {
        try? FileManager.default.removeItem(atPath: spool.root + "/state/" + file)
      }
      let nothing = #expect(throws: StudyError.self) { try recover(spool) }
      #expect(nothing?.code.name == "E_NOTHING_TO_RECOVER")
    }
  }
}
