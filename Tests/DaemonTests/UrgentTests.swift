import Configuration
import Foundation
import Glibc
import Intake
import Jobs
import Testing

extension DaemonRecovery {
  /// `inbox/urgent`: studies dropped there go before waiting ones, and stay urgent to their end.
  @Suite struct UrgentTests {
    private static let lane = "inbox/urgent"

    /// Workers wait until there is a file `go`.
    private func gate(_ spool: TestSpool) throws {
      try spool.wrapWorker(#"while [ "$verb" = run ] && [ ! -f "\#(spool.root)/go" ]; do sleep 0.02; done"#)
    }

    private func started(_ spool: TestSpool) throws -> [String] {
      let store = try spool.store()
      let names = Dictionary(uniqueKeysWithValues: try store.jobs().map { ($0.id, $0.study) })
      return try store.events().filter { $0.kind == .started }.compactMap { $0.job.flatMap { names[$0] } }
    }

    @Test("The folder urgent is not a study, its entries are")
    func urgentFolderIsNotAStudy() async throws {
      let spool = try TestSpool()
      try FileManager.default.createDirectory(atPath: spool.root + "/inbox", withIntermediateDirectories: true)
      chmod(spool.root + "/inbox", 0o2775)
      let service = spool.start()
      try await spool.wait { spool.exists(Self.lane) }
      var about = stat()
      #expect(stat(spool.root + "/" + Self.lane, &about) == 0 && about.st_mode & 0o7777 == 0o2775)
      try spool.drop("study", into: Self.lane)
      try spool.drop("study", ["mask": "another"])
      try "zip".write(toFile: "\(spool.root)/\(Self.lane)/packed.zip", atomically: true, encoding: .utf8)
      try spool.write(["loose.dcm": "x"], to: spool.root + "/" + Self.lane)
      try await spool.waitForJobs(3)
      try await spool.wait { spool.text("status/loose.dcm.txt")?.contains("only folders and archives") == true }
      // A user who removes the folder finds it again.
      try FileManager.default.removeItem(atPath: spool.root + "/" + Self.lane)
      try await spool.wait { spool.exists(Self.lane) }
      try spool.drop("later", ["mask": "l"], into: Self.lane)
      try await spool.waitForJobs(4)
      try await service.stop()
      let jobs = try spool.jobs()
      #expect(Set(jobs.map(\.study)) == ["study", "packed", "later"] && jobs.allSatisfy { $0.state == .done })
      #expect(jobs.count(where: \.isUrgent) == 3, "and one of the two of one name is not")
      #expect(spool.list("outbox") == ["later", "packed", "study", "study-2"] && spool.brokenResults() == [])
      #expect(spool.list("done") == ["later", "packed.zip", "study", "study-2"])
      #expect(spool.exists(Self.lane) && spool.list("inbox") == [] && spool.list(Self.lane) == [])
      #expect(!spool.exists("status/urgent.txt"))
    }

    @Test("An urgent study gets the next free worker", arguments: 0..<3)
    func urgentStudyStartsNext(before: Int) async throws {
      let spool = try TestSpool("max_jobs: 1")
      try gate(spool)
      let service = spool.start()
      try spool.drop("first", ["mask": "0"])
      try await spool.wait { (try? spool.jobs().first?.state) == .running }
      for number in 1...8 { try spool.drop("normal \(number)", ["mask": "n\(number)"]) }
      try await spool.wait { (try? spool.jobs().count) == 7 }
      // Before others that came earlier, and although intake has stopped: the urgent ones before it, then this one.
      for number in 0..<before {
        try spool.drop("before \(number)", ["mask": "b\(number)"], into: Self.lane)
        try await spool.wait { (try? spool.jobs().count) == 8 + number }
      }
      if before == 0 { try spool.drop("newest", ["mask": "u"], into: Self.lane) }
      if before == 0 { try await spool.wait { (try? spool.jobs().last?.study) == "newest" } }
      try await spool.wait { (try? spool.jobs().count { $0.state == .queued }) == 6 + max(before, 1) }
      try spool.write(["go": ""], to: spool.root)
      try await spool.waitForJobs(9 + max(before, 1))
      try await service.stop()
      let order = try started(spool)
      let own = before == 0 ? ["newest"] : (0..<before).map { "before \($0)" }
      #expect(Array(order[1..<(1 + min(own.count, 2))]) == Array(own.prefix(2)), "\(order)")
      #expect(
        try spool.store().history(of: try spool.store().job(named: own[0])).events.contains {
          $0.kind == .started && $0.details["priority"] == "urgent"
        })
    }

    @Test("An urgent folder that cannot be listed blocks no other study")
    func unlistableUrgentFolderBlocksNothing() async throws {
      let spool = try TestSpool()
      try spool.drop("waits", ["slice": "1"], into: Self.lane)
      // Another file system in its place is not entered, not even by root.
      let service = spool.start()
      try await spool.wait { spool.text("status/waits.txt")?.contains("incomplete") == true }
      let lane = spool.root + "/" + Self.lane
      guard SmallDisk.isPossible else { return try await service.stop() }
      do {
        let disk = try SmallDisk(lane, megabytes: 1)
        try await spool.wait { service.log.text.contains("the folder urgent cannot be listed") }
        try spool.drop("study")
        try await spool.waitForJobs(1)
        #expect(spool.text("status/waits.txt")?.contains("incomplete") == true, "what cannot be seen is not gone")
        withExtendedLifetime(disk) {}
      }
      try spool.write(["mask": "w"], to: lane + "/waits")
      try await spool.waitForJobs(2)
      try await service.stop()
      #expect(try spool.jobs().map(\.isUrgent) == [false, true])
    }

    @Test("Urgency survives review, hold, retry and restarts")
    func urgencySurvivesReviewHoldRetryAndRestarts() async throws {
      let spool = try TestSpool("max_jobs: 1")
      var service = spool.start()
      try spool.drop("asks", ["mask": "q", "ask": ""], into: Self.lane)
      try spool.drop("refused", ["mask": "r", "refuse": ""], into: Self.lane)
      try await spool.wait {
        let jobs = (try? spool.jobs()) ?? []
        return jobs.count == 2 && jobs.allSatisfy { $0.swept || $0.state == .needsReview }
      }
      try await service.stop()
      try gate(spool)
      service = spool.start()
      try spool.drop("busy", ["mask": "0"])
      try await spool.wait { ((try? spool.jobs()) ?? []).contains { $0.state == .running } }
      for number in 1...2 { try spool.drop("normal \(number)", ["mask": "n\(number)"]) }
      try await spool.wait { (try? spool.jobs().count) == 5 }
      let asks = try spool.store().job(named: "asks")
      #expect(try await spool.ask(.hold, asks).accepted)
      #expect(try await spool.ask(.release, asks).accepted)
      #expect(try await spool.ask(.resolve, asks, choices: JobChoices(series: "1.2.3")).accepted)
      #expect(try await spool.ask(.hold, asks).accepted)
      // The database is lost: private copies and mirror know the priority.
      try await service.stop()
      try Data(repeating: 0x41, count: 40_000).write(to: URL(fileURLWithPath: spool.root + "/state/jobs.sqlite"))
      for end in ["-wal", "-shm"] {
        try? FileManager.default.removeItem(atPath: spool.root + "/state/jobs.sqlite" + end)
      }
      try recover(spool)
      #expect(try spool.store().job(named: "asks").isUrgent)

      service = spool.start()
      try await spool.wait { ((try? spool.jobs()) ?? []).contains { $0.state == .running } }
      #expect(try await spool.ask(.release, asks).accepted)
      try FileManager.default.removeItem(atPath: spool.root + "/failed/refused/refuse")
      #expect(try await spool.ask(.retry, try spool.store().job(named: "refused")).accepted)
      try await spool.wait { (try? spool.jobs().count) == 6 }
      #expect(try spool.store().job(named: "refused").isUrgent)
      try spool.write(["go": ""], to: spool.root)
      try await spool.waitForJobs(6)
      try await service.stop()
      let order = try started(spool).suffix(5)
      #expect(Array(order.dropFirst().prefix(2)) == ["asks", "refused"], "\(order)")
      #expect(spool.text("outbox/asks/features.json") == "q 1.2.3" && spool.brokenResults() == [])
      #expect(spool.list(Self.lane) == [] && spool.list("inbox") == [])
    }

    @Test("Answers may lie in urgent, and kept originals go back there")
    func urgentFolderTakesAnswersAndOriginals() async throws {
      let spool = try TestSpool("originals: keep")
      var service = spool.start()
      try spool.drop("study", ["mask": "m", "ask": ""])
      try await spool.wait { spool.text("status/study.txt")?.contains("needs-review") == true }
      try spool.drop("study", ["study.yaml": "image: 1.2.4\n"], into: Self.lane)
      try await spool.waitForJobs(1)
      #expect(try spool.jobs()[0].isUrgent, "an urgent answer makes the study urgent")
      try spool.drop("kept", ["mask": "k"], into: Self.lane)
      try await spool.waitForJobs(2)
      try await service.stop()
      #expect(spool.list("inbox") == ["study"] && spool.list(Self.lane) == ["kept"])
      service = spool.start()
      try await Task.sleep(for: .seconds(1))
      try await service.stop()
      #expect(try spool.jobs().map(\.state) == [.done, .done], "nothing is computed again")
    }

    @Test("An urgent study survives the end of the daemon at every operation")
    func urgentStudySurvivesACrashAtEveryOperation() async throws {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for point in CrashPoints.below(70) {
          group.addTask {
            let spool = try TestSpool(point % 2 == 0 ? "originals: keep" : "")
            try spool.drop("study", into: Self.lane)
            let service = spool.start(operations: CrashingOperations(point: point))
            try await spool.wait { service.hasEnded || ((try? spool.jobs()) ?? []).contains { $0.swept } }
            if !service.hasEnded { try? await service.stop() }
            let again = spool.start()
            try await spool.waitForJobs(1)
            try await again.stop()
            let job = try #require(try spool.jobs().first)
            #expect(job.state == .done && job.isUrgent, "point \(point)")
            #expect(spool.list("outbox") == ["study"] && spool.brokenResults() == [], "point \(point)")
            let place = point % 2 == 0 ? Self.lane : "done"
            #expect(spool.list(place) == ["study"] && spool.list("inbox") == [], "point \(point)")
          }
        }
        try await group.waitForAll()
      }
    }

    private func recover(_ spool: TestSpool) throws {
      let result = try DaemonBinary.run([
        DaemonBinary.path, "recover", "--config", spool.root + "/radiomicsd.yaml",
      ])
      #expect(result.status == 0, "\(result.output)")
    }
  }
}
