import Errors
import Foundation
import Intake
import Jobs
import Testing

extension WholeDaemon {
  /// A whole service with a worker that is a shell script.
  @Suite struct ServiceTests {
    @Test func sixStudiesDroppedTogetherAreAllDone() async throws {
      let spool = try TestSpool("max_jobs: 2")
      let service = spool.start()
      for number in 1...6 { try spool.drop("case \(number)", ["mask": "\(number)", "delay": "0.1"]) }
      try await spool.waitForJobs(6)
      try await service.stop()
      let names = (1...6).map { "case \($0)" }
      #expect(spool.list("outbox") == names)
      #expect(spool.list("done") == names)
      #expect(spool.brokenResults() == [])
      for number in 1...6 { #expect(spool.text("outbox/case \(number)/features.json") == "\(number)") }
      let store = try spool.store()
      for job in try store.jobs() {
        let history = try store.history(of: job)
        #expect(history.result?.probability == 0.25)
        #expect(history.result?.modelName == "demo" && history.result?.demonstration == true)
        #expect(history.inputs.count == 2 && history.attempts.count == 1)
        #expect(spool.text("status/\(job.study).txt")?.contains("state: done") == true)
      }
    }

    @Test func whatAShadowModelSaysIsInTheEventsAndNotInTheOutbox() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try spool.drop(
        "shadowed",
        [
          "mask": "m",
          "shadow":
            #"{"schema":"radiomicsd.shadow/1","model":{"name":"next","version":"2.0.0","sha256":"ef"},"probability":0.75,"positive":true,"outside":false}"#,
        ])
      try spool.drop("odd", ["mask": "m", "shadow": "nonsense"])
      try await spool.waitForJobs(2)
      try await service.stop()
      #expect(spool.list("outbox/shadowed") == ["features.json", "manifest.json", "result.json"])
      #expect(spool.brokenResults() == [])
      let store = try spool.store()
      func details(_ name: String) throws -> [String: String] {
        let events = try store.history(of: try store.job(named: name)).events
        return events.reduce(into: [:]) { $0.merge($1.details) { _, new in new } }
      }
      let said = try details("shadowed")
      #expect(said["shadow_model"] == "next 2.0.0" && said["shadow_sha256"] == "ef")
      #expect(said["shadow_probability"] == "0.75" && said["shadow_positive"] == "true")
      #expect(said["shadow_outside"] == "false")
      #expect(try details("odd").keys.allSatisfy { !$0.hasPrefix("shadow") })
    }

    @Test func aSlowCopyIsNotTakenEarly() async throws {
      // On a busy machine this test itself may pause for longer than the quiet time; then it proves nothing.
      for _ in 0..<5 {
        if try await copiesSlowly() { return }
      }
      Issue.record("the machine was too busy to tell, five times")
    }

    /// False when a pause between two files was longer than the quiet time.
    private func copiesSlowly() async throws -> Bool {
      let spool = try TestSpool(settle: 1)
      let service = spool.start()
      var last = ContinuousClock.now
      var longest = Duration.zero
      var early = 0
      // Complete from the first file on, as far as the worker can tell: only quiet holds it back.
      for number in 0..<8 {
        try spool.write(["mask": "m", "slice \(number)": "x"], to: spool.root + "/inbox/slow")
        longest = max(longest, ContinuousClock.now - last)
        last = .now
        try await Task.sleep(for: .milliseconds(250))
        early += try spool.exists("state/jobs.sqlite") ? spool.jobs().count : 0
      }
      try await spool.waitForJobs(1)
      try await service.stop()
      guard longest < .milliseconds(900) else { return false }
      #expect(early == 0, "taken while it was being copied")
      #expect(try spool.store().history(of: try spool.jobs()[0]).inputs.count == 9)
      #expect(spool.list("done/slow").count == 9)
      return true
    }

    @Test func filesStillBeingCopiedHoldAStudyBackAndJunkDoesNot() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try spool.drop("held", ["mask": "m", "image.dcm.part": "x"])
      try spool.drop("junk", ["mask": "m", ".DS_Store": "x", "Thumbs.db": "x", "._mask": "x"])
      try await spool.waitForJobs(1)
      try await spool.wait { spool.text("status/held.txt")?.contains("image.dcm.part") == true }
      #expect(spool.list("inbox") == ["held"])
      #expect(try spool.store().history(of: try spool.jobs()[0]).inputs.map(\.path) == ["mask"])
      try FileManager.default.moveItem(
        atPath: spool.root + "/inbox/held/image.dcm.part", toPath: spool.root + "/inbox/held/image.dcm")
      try await spool.waitForJobs(2)
      try await service.stop()
    }

    @Test func aRejectedStudyGetsAnErrorAndNothingElse() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try spool.drop("broken", ["broken": ""])
      try spool.drop("refused", ["mask": "m", "refuse": ""])
      try spool.drop("good")
      try await spool.waitForJobs(3)
      try await service.stop()
      #expect(spool.list("outbox/broken") == ["error.json"])
      #expect(spool.list("outbox/refused") == ["error.json"])
      #expect(spool.list("failed") == ["broken", "refused"])
      let text = try #require(spool.text("outbox/refused/error.json"))
      let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      #expect(document["schema"] as? String == "radiomicsd.error/1")
      #expect(document["status"] as? String == "rejected")
      #expect(document["study"] as? String == "refused")
      #expect(document["notice"] as? String == "Research use only. Not for diagnosis.")
      let error = try #require(document["error"] as? [String: Any])
      #expect(error["code"] as? String == "E_SLICE_GAP")
      #expect(error["details"] as? [String: String] == ["at": "3"])
      #expect(Set(try spool.jobs().map { $0.error?.code }) == ["E_PATIENT_MIX", "E_SLICE_GAP", nil])
    }

    @Test func anIncompleteStudyWaitsForWhatIsMissing() async throws {
      let spool = try TestSpool("incomplete_seconds: 60")
      let service = spool.start()
      try spool.drop("study", ["slice": "1"])
      try await spool.wait { spool.text("status/study.txt")?.contains("E_MASK_MISSING") == true }
      #expect(spool.list("inbox") == ["study"])
      try spool.write(["mask": "m"], to: spool.root + "/inbox/study")
      try await spool.waitForJobs(1)
      try await service.stop()
      #expect(try spool.jobs().map(\.state) == [.done])
    }

    @Test func anIncompleteStudyIsRejectedAfterItsTimeOrWhenItSaysItIsReady() async throws {
      let spool = try TestSpool("incomplete_seconds: 0.8")
      let service = spool.start()
      try spool.drop("late", ["slice": "1"])
      try await spool.waitForJobs(1)
      try await service.stop()
      #expect(try spool.jobs().map { $0.error?.code } == ["E_MASK_MISSING"])

      let patient = try TestSpool("incomplete_seconds: 60")
      let other = patient.start()
      try patient.drop("ready", ["slice": "1", "READY": ""])
      try await patient.waitForJobs(1)
      try await other.stop()
      #expect(try patient.jobs().map(\.state) == [.rejected])
    }

    @Test func aReadyFileShortensTheQuietTime() async throws {
      let spool = try TestSpool(settle: 30)
      let service = spool.start()
      let start = ContinuousClock.now
      try spool.drop("study", ["mask": "m", "READY": ""])
      try await spool.waitForJobs(1, seconds: 10)
      #expect(ContinuousClock.now - start < .seconds(4))
      try await service.stop()
      #expect(
        try spool.store().history(of: try spool.jobs()[0]).inputs.map(\.path) == ["mask"], "the marker is no input")
    }

    @Test func aCrashIsTriedAgainAndDisturbsNobody() async throws {
      let spool = try TestSpool("max_attempts: 3")
      let service = spool.start()
      try spool.drop("crash", ["mask": "m", "crash": ""])
      try spool.drop("lie", ["mask": "m", "lie": ""])
      try spool.drop("good")
      try await spool.waitForJobs(3)
      try await service.stop()
      let jobs = Dictionary(uniqueKeysWithValues: try spool.jobs().map { ($0.study, $0) })
      #expect(jobs["good"]?.state == .done)
      #expect(jobs["crash"]?.state == .failed && jobs["crash"]?.error?.code == "E_WORKER_CRASH")
      #expect(jobs["lie"]?.state == .failed && jobs["lie"]?.error?.code == "E_RESULT_INVALID")
      #expect(jobs["crash"]?.attempt == 3)
      let attempts = try spool.store().history(of: try #require(jobs["crash"])).attempts
      #expect(attempts.map(\.signal) == [SIGSEGV, SIGSEGV, SIGSEGV])
      #expect(spool.brokenResults() == [])
    }

    @Test func aWorkerThatItsSandboxEndedIsNotTriedAgain() async throws {
      let spool = try TestSpool("max_attempts: 3")
      let service = spool.start()
      try spool.drop("escape", ["mask": "m", "escape": ""])
      try await spool.waitForJobs(1)
      try await service.stop()
      let job = try #require(try spool.jobs().first)
      #expect(job.state == .failed && job.error?.code == "E_SANDBOX_VIOLATION" && job.attempt == 1)
      #expect(try spool.store().events().contains { $0.kind == .security })
      #expect(spool.list("outbox/escape") == ["error.json"])
    }

    @Test func aJobThatHangsIsEndedAndTriedOnceMore() async throws {
      let spool = try TestSpool("time_limit_seconds: 1.5\nmax_jobs: 2")
      let service = spool.start()
      try spool.drop("hang", ["mask": "m", "delay": "60"])
      try spool.drop("good")
      try await spool.waitForJobs(2)
      try await service.stop()
      let job = try #require(try spool.jobs().first { $0.study == "hang" })
      #expect(job.state == .failed && job.error?.code == "E_TIMEOUT" && job.attempt == 2)
      #expect(try spool.jobs().first { $0.study == "good" }?.state == .done)
    }

    @Test func aWrongConfigurationPausesComputingAndCostsNoAttempt() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try spool.drop("study", ["mask": "m", "configuration": ""])
      try await spool.wait { (try? spool.jobs().first?.state) == .retryWait }
      try spool.drop("other")
      try await spool.wait { (try? spool.jobs().count) == 2 }
      try await service.stop()
      let jobs = try spool.jobs()
      #expect(jobs.map(\.state) == [.retryWait, .queued], "nothing else is computed meanwhile")
      #expect(jobs.map(\.charges) == [0, 0])
    }

    @Test func linksAndPipesAreRefusedUnread() async throws {
      let spool = try TestSpool()
      try spool.drop("link")
      try FileManager.default.createSymbolicLink(
        atPath: spool.root + "/inbox/link/x", withDestinationPath: "/etc/passwd")
      try spool.drop("pipe")
      #expect(mkfifo(spool.root + "/inbox/pipe/x", 0o600) == 0)
      let service = spool.start()
      try await spool.waitForJobs(2)
      try await service.stop()
      let codes = Dictionary(uniqueKeysWithValues: try spool.jobs().map { ($0.study, $0.error?.code) })
      #expect(codes == ["link": "E_SYMLINK", "pipe": "E_SPECIAL_FILE"])
      #expect(spool.list("outbox/link") == ["error.json"])
    }

    @Test func aChangeAfterTheResultIsANewStudyOfTheSameName() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try spool.drop("study", ["mask": "one"])
      try await spool.waitForJobs(1)
      try spool.drop("study", ["mask": "two"])
      try await spool.waitForJobs(2)
      try await service.stop()
      #expect(spool.text("outbox/study/features.json") == "one")
      #expect(spool.text("outbox/study-2/features.json") == "two")
      #expect(spool.list("done") == ["study", "study-2"])
    }

    @Test func originalsMayStayAndAreTakenAgainOnlyWhenTheyChange() async throws {
      let spool = try TestSpool("originals: keep")
      let service = spool.start()
      try spool.drop("study", ["mask": "one"])
      try await spool.waitForJobs(1)
      #expect(spool.list("inbox") == ["study"])
      try await Task.sleep(for: .seconds(1.2))
      try await service.stop()
      #expect(try spool.jobs().count == 1)
      let again = spool.start()
      try await Task.sleep(for: .seconds(1))
      #expect(try spool.jobs().count == 1, "nor after a restart")
      try spool.write(["more": "x"], to: spool.root + "/inbox/study")
      try await spool.waitForJobs(2)
      try await again.stop()
    }

    @Test func namesAreBytesAndNeverReachTheLog() async throws {
      let spool = try TestSpool()
      try FileManager.default.createDirectory(atPath: spool.root + "/inbox", withIntermediateDirectories: true)
      let names: [[UInt8]] = [
        Array("kaf\u{65}\u{301}".utf8), Array("kaf\u{E9}".utf8), [0x62, 0xFF, 0x64], Array("new\nline".utf8),
        Array("-rf; $(id)".utf8),
        Array("ZZCANARY^PATIENT".utf8), Array("trailing ".utf8), Array(String(repeating: "x", count: 255).utf8),
      ]
      for name in names {
        let path = Path(spool.root + "/inbox") / FileName(name)!
        #expect(path.withCString { mkdir($0, 0o755) } == 0)
        try LinuxFileOperations().write(name, to: path / "mask", mode: 0o644)
      }
      let service = spool.start()
      try await spool.waitForJobs(names.count)
      try await service.stop()
      #expect(try spool.jobs().allSatisfy { $0.state == .done })
      #expect(Set(try spool.jobs().map(\.studyBytes)) == Set(names))
      #expect(spool.list("outbox").count == names.count)
      #expect(spool.list("outbox").contains("b%FFd") && spool.list("outbox").contains("new%0Aline"))
      #expect(spool.list("outbox").allSatisfy { $0.utf8.count <= 255 && !$0.contains("\n") })
      // No canary is made of hexadecimal digits: the log has hashes.
      for canary in ["ZZCANARY", "kaf", "xxxx", "line"] { #expect(!service.log.text.contains(canary), "\(canary)") }
    }

    @Test func theTermSignalEndsRunningJobsWithoutCostingAnAttempt() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try spool.drop("study", ["mask": "m", "delay": "3"])
      try await spool.wait { (try? spool.jobs().first?.state) == .running }
      try await service.stop()
      #expect(try spool.jobs().map(\.state) == [.queued])
      #expect(try spool.jobs().map(\.charges) == [0])
      let again = spool.start()
      try await spool.waitForJobs(1)
      try await again.stop()
      #expect(try spool.jobs().map(\.state) == [.done])
    }

    @Test func aSecondDaemonIsRefused() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try await spool.wait { spool.exists("state/jobs.sqlite") }
      let second = spool.start()
      let error = await #expect(throws: StudyError.self) { try await second.ended() }
      #expect(error?.code.name == "E_ALREADY_RUNNING" && error?.code.exit == .temporary)
      #expect(error?.message.contains("process \(getpid())") == true)
      try await service.stop()
    }

    @Test func aLostDatabaseIsNotReplacedByAnEmptyOne() async throws {
      let spool = try TestSpool()
      try await spool.start().stop()
      for end in ["", "-wal", "-shm"] {
        try? FileManager.default.removeItem(atPath: spool.root + "/state/jobs.sqlite" + end)
      }
      let error = await #expect(throws: StudyError.self) { try await spool.start().ended() }
      #expect(error?.code.exit == .configuration)
      #expect(!spool.exists("state/jobs.sqlite"))
    }

    @Test func operatorsCancelHoldReleaseAndRetry() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      let folder = RequestFolder(state: spool.root + "/state")
      func ask(_ verb: JobRequest.Verb, _ job: Job) async throws -> JobAnswer {
        let name = try folder.post(JobRequest(verb, job: job.id, actor: "tester"))
        var answer: JobAnswer?
        try await spool.wait {
          answer = folder.takeAnswer(name)
          return answer != nil
        }
        return try #require(answer)
      }
      try spool.drop("running", ["mask": "m", "delay": "60"])
      try await spool.wait { (try? spool.jobs().first?.state) == .running }
      try spool.drop("waiting", ["mask": "w"])
      try await spool.wait { (try? spool.jobs().last?.state) == .queued }
      let (first, second) = (try spool.jobs()[0], try spool.jobs()[1])
      #expect(try await ask(.hold, second).accepted)
      #expect(try await !ask(.hold, first).accepted)
      #expect(try await ask(.cancel, first).accepted)
      try await spool.wait { (try? spool.jobs().first?.swept) == true }
      #expect(try spool.jobs().map(\.state) == [.cancelled, .held])
      #expect(spool.list("failed") == ["running"])
      #expect(spool.list("outbox") == [])
      #expect(try await ask(.release, second).accepted)
      try await spool.waitForJobs(2)
      #expect(try await !ask(.cancel, second).accepted)
      try FileManager.default.removeItem(atPath: spool.root + "/failed/running/delay")
      #expect(try await ask(.retry, first).accepted)
      try await spool.waitForJobs(3)
      try await service.stop()
      let last = try #require(try spool.jobs().last)
      #expect(last.state == .done && last.study == "running" && last.retryOf == first.id)
      #expect(try spool.store().events().contains { $0.actor == "user:tester" && $0.kind == .retryRequested })
      #expect(try spool.store().firstBrokenEvent() == nil)
    }

    @Test func whatIsNoFolderIsNotTakenButSaidSo() async throws {
      let spool = try TestSpool()
      let service = spool.start()
      try await spool.wait { spool.exists("inbox") }
      try "x".write(toFile: spool.root + "/inbox/slice.dcm", atomically: false, encoding: .utf8)
      try await spool.wait { spool.text("status/slice.dcm.txt")?.contains("only folders") == true }
      try FileManager.default.removeItem(atPath: spool.root + "/inbox/slice.dcm")
      try await spool.wait { !spool.exists("status/slice.dcm.txt") }
      try await service.stop()
      #expect(try spool.jobs().isEmpty)
    }

    @Test func aForeignFolderInTheOutboxIsNotOverwritten() async throws {
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

    @Test func aFullDiskPausesIntakeAndLosesNothing() async throws {
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

    @Test func anOutboxThatCannotBeWrittenCostsNoResult() async throws {
      let spool = try TestSpool()
      let disk = FailingOperations()
      disk.fail("write to outbox", with: EROFS)
      let service = spool.start(operations: disk)
      try spool.drop("study", ["mask": "the mask"])
      try await spool.wait { service.log.text.contains("the outbox cannot be written") }
      #expect(try spool.jobs().map(\.state) == [.publishing])
      #expect(spool.list("outbox") == [])
      try await service.stop()
      let again = spool.start()
      try await spool.waitForJobs(1)
      try await again.stop()
      #expect(spool.text("outbox/study/features.json") == "the mask")
      #expect(try spool.jobs().map(\.attempt) == [1], "it is not computed again")
    }

    @Test func anInboxThatIsReplacedIsServedAndOneThatIsAwayIsNotTakenForEmpty() async throws {
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
      #expect(spool.list("away") == ["waits"])
    }
  }
}
