import Foundation
import Intake
import Jobs
import Testing

extension DaemonRecovery {
  /// The daemon dies at an operation of a whole job, one after the other; the next one must bring the study to its end,
  /// once, with nothing lost and nothing torn. Which operations: `CrashPoints`.
  @Suite struct CrashTests {
    private static let good = ["mask": "the mask", "a": "1", "b": "2"]

    /// How many operations a service does from its start until a study is done and cleared away.
    private func operations(_ files: [String: String]) async throws -> Int {
      let spool = try TestSpool(settle: 0.05)
      try spool.drop("study", files)
      let counting = CrashingOperations(point: .max)
      let service = spool.start(operations: counting)
      try await spool.waitForJobs(1)
      let count = counting.operations
      try await service.stop()
      return count
    }

    @Test("A study survives the end of the daemon at every operation")
    func studySurvivesACrashAtEveryOperation() async throws {
      let count = try await operations(Self.good)
      #expect(count > 30)
      try await forEachPoint(upTo: 2 * count) { point in
        let spool = try TestSpool(settle: 0.05)
        try spool.drop("study", Self.good)
        try await crash(spool, at: point)
        // Until the result is out, a whole copy of the study is somewhere.
        #expect(hasWholeStudy(spool), "point \(point)")
        #expect(spool.brokenResults() == [], "point \(point)")
        try await finish(spool, "done", point)
        #expect(spool.list("outbox") == ["study"], "point \(point)")
        #expect(spool.text("outbox/study/features.json") == "the mask", "point \(point)")
        #expect(spool.list("done") == ["study"], "point \(point)")
        #expect(spool.list("done/study") == ["a", "b", "mask"], "point \(point)")
      }
    }

    @Test("A refusal survives the end of the daemon at every operation")
    func refusalSurvivesACrashAtEveryOperation() async throws {
      let files = ["broken": "", "a": "1"]
      let count = try await operations(files)
      try await forEachPoint(upTo: 2 * count) { point in
        let spool = try TestSpool(settle: 0.05)
        try spool.drop("study", files)
        try await crash(spool, at: point)
        #expect(spool.brokenResults() == [], "point \(point)")
        try await finish(spool, "rejected", point)
        #expect(spool.list("outbox") == ["study"], "point \(point)")
        #expect(spool.list("failed/study") == ["a", "broken"], "point \(point)")
      }
    }

    /// From the drop of `study.yaml` on: the daemon dies at every operation of taking the answer and what follows.
    @Test("An answer survives the end of the daemon at every operation")
    func answerSurvivesACrashAtEveryOperation() async throws {
      let files = Self.good.merging(["ask": ""]) { $1 }
      @Sendable func asked() async throws -> TestSpool {
        let spool = try TestSpool(settle: 0.05)
        try spool.drop("study", files)
        let service = spool.start()
        try await spool.wait { ((try? spool.jobs()) ?? []).map(\.state) == [.needsReview] }
        try await service.stop()
        try spool.drop("study", ["study.yaml": "y", "more": "x"])
        return spool
      }
      let spool = try await asked()
      let counting = CrashingOperations(point: .max)
      let service = spool.start(operations: counting)
      try await spool.waitForJobs(1)
      let count = counting.operations
      try await service.stop()
      #expect(count > 40)
      // Right after an operation is right before the next: every second point is every place.
      try await forEachPoint(upTo: count) { number in
        let point = 2 * number
        let spool = try await asked()
        try await crash(spool, at: point)
        #expect(spool.brokenResults() == [], "point \(point)")
        try await finish(spool, "done", point)
        #expect(spool.list("outbox") == ["study"], "point \(point)")
        #expect(spool.text("outbox/study/features.json") == "the masky", "point \(point)")
        #expect(spool.list("done/study") == ["a", "ask", "b", "mask", "more", "study.yaml"], "point \(point)")
        #expect(spool.list("inbox/.radiomicsd/answers") == [], "point \(point)")
      }
    }

    /// Up to the question: nothing of the study is lost, and it is asked once more or still.
    @Test("A question survives the end of the daemon at every operation")
    func questionSurvivesACrashAtEveryOperation() async throws {
      let files = Self.good.merging(["ask": ""]) { $1 }
      try await forEachPoint(upTo: 30) { number in
        let point = 2 * number
        let spool = try TestSpool(settle: 0.05)
        try spool.drop("study", files)
        let operations = CrashingOperations(point: point)
        let first = spool.start(operations: operations)
        try await spool.wait { first.hasEnded || ((try? spool.jobs()) ?? []).map(\.state) == [.needsReview] }
        if !first.hasEnded { try? await first.stop() }
        let second = spool.start()
        try await spool.wait { ((try? spool.jobs()) ?? []).map(\.state) == [.needsReview] }
        let job = try #require(try spool.jobs().first)
        #expect(spool.list("state/spool/in/\(job.id)/input") == ["a", "ask", "b", "mask"], "point \(point)")
        #expect(spool.list("inbox/.radiomicsd/claimed/\(job.id)/study") == ["a", "ask", "b", "mask"], "point \(point)")
        let folder = RequestFolder(state: spool.root + "/state")
        _ = try folder.post(
          JobRequest(.resolve, job: job.id, actor: "tester", choices: JobChoices(series: "1.2.3")))
        try await spool.waitForJobs(1)
        try await second.stop()
        #expect(spool.text("outbox/study/features.json") == "the mask 1.2.3", "point \(point)")
        #expect(try spool.store().firstBrokenEvent() == nil, "point \(point)")
      }
    }

    @Test("Recovery may be interrupted again and again")
    func recoveryMayBeInterruptedRepeatedly() async throws {
      for seed in 0..<3 {
        let spool = try TestSpool(settle: 0.05)
        try spool.drop("study", Self.good)
        var point = 7 * seed + 3
        for _ in 0..<12 {
          try await crash(spool, at: point)
          #expect(spool.brokenResults() == [])
          #expect(hasWholeStudy(spool))
          point = (point * 31 + 17) % 61
        }
        try await finish(spool, "done", seed)
        #expect(spool.list("outbox") == ["study"])
        #expect(spool.list("done") == ["study"])
      }
    }

    /// Six at a time: they mostly wait.
    private func forEachPoint(upTo end: Int, _ body: @escaping @Sendable (Int) async throws -> Void) async throws {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, point) in CrashPoints.below(end).enumerated() {
          if index >= 6 { try await group.next() }
          group.addTask { try await body(point) }
        }
        try await group.waitForAll()
      }
    }

    private func crash(_ spool: TestSpool, at point: Int) async throws {
      let operations = CrashingOperations(point: point)
      let service = spool.start(operations: operations)
      try await spool.wait {
        service.hasEnded || ((try? spool.jobs()) ?? []).contains { $0.state.isFinal && $0.swept }
      }
      if service.hasEnded { #expect(operations.hasCrashed) } else { try? await service.stop() }
    }

    private func finish(_ spool: TestSpool, _ state: String, _ point: Int) async throws {
      let service = spool.start()
      do {
        try await spool.waitForJobs(1)
      } catch {
        Issue.record(
          "point \(point): no end; \(try spool.jobs().map { "\($0.state) \($0.swept)" }); \(service.log.text)")
      }
      try await service.stop()
      let store = try spool.store()
      #expect(try store.jobs().map(\.state.rawValue) == [state], "point \(point)")
      #expect(try store.jobs().allSatisfy { $0.charges <= 1 }, "point \(point)")
      #expect(try store.firstBrokenEvent() == nil, "point \(point)")
      #expect(try store.events().filter { $0.to?.isFinal ?? false && $0.from != $0.to }.count == 1, "point \(point)")
      #expect(spool.list("inbox") == [], "point \(point)")
      for folder in ["state/work", "state/spool/in", "state/spool/tmp", "inbox/.radiomicsd/claimed", "outbox/.tmp"] {
        #expect(spool.list(folder) == [], "\(folder), point \(point)")
      }
    }

    private func hasWholeStudy(_ spool: TestSpool) -> Bool {
      var places = ["inbox/study", "done/study"]
      for job in spool.list("inbox/.radiomicsd/claimed") { places.append("inbox/.radiomicsd/claimed/\(job)/study") }
      for job in spool.list("state/spool/in") { places.append("state/spool/in/\(job)/input") }
      return places.contains { spool.list($0) == Self.good.keys.sorted() }
    }
  }
}
