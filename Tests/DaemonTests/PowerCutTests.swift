import Files
import Foundation
import Intake
import Jobs
import Testing

extension DaemonRecovery {
  /// The power is cut before an operation of a whole job, one after the other, and the disk loses what was not synced. The
  /// next daemon must bring the study to its end, once, and what was said to be done must be done.
  @Suite struct PowerCutTests {
    private static let good = ["mask": "the mask", "a": "1", "b": "2"]

    @Test func aStudySurvivesAPowerCutAtEveryOperation() async throws {
      let count = try await PowerCut.operations { try $0.drop("study", Self.good) }
      #expect(count > 30)
      try await PowerCut.forEach(below: count) { cut in
        let spool = try TestSpool(settle: 0.05)
        try spool.drop("study", Self.good)
        try await cut.run(spool)
        #expect(Self.wholeStudies(spool), "\(cut)")
        let reported = ((try? spool.jobs()) ?? []).filter { $0.state == .done }
        for job in reported {
          let place = Path("\(spool.root)/outbox/\(job.publishedAs ?? "?")")
          #expect(throws: Never.self, "\(cut): was done") { _ = try ResultFolder.verify(place, job: job.id) }
        }
        try await cut.finish(spool, .done)
        #expect(spool.list("outbox") == ["study"], "\(cut)")
        #expect(spool.text("outbox/study/features.json") == "the mask", "\(cut)")
        #expect(spool.list("done") == ["study"] && spool.list("done/study") == ["a", "b", "mask"], "\(cut)")
      }
    }

    /// What the others show rests on this: without syncs the model does lose results that were said to be there.
    @Test func onADiskThatLiesAboutSyncsResultsAreLost() async throws {
      let count = try await PowerCut.operations { try $0.drop("study", Self.good) }
      let spool = try TestSpool(settle: 0.05)
      try spool.drop("study", Self.good)
      try await PowerCut(point: count, loss: .everything).run(spool, isHonest: false)
      #expect(!spool.exists("outbox/study") && !spool.exists("done/study"))
      #expect(spool.list("inbox") == ["study"])
    }

    @Test func aRefusalSurvivesAPowerCutAtEveryOperation() async throws {
      let files = ["broken": "", "a": "1"]
      let count = try await PowerCut.operations { try $0.drop("study", files) }
      try await PowerCut.forEach(below: count) { cut in
        let spool = try TestSpool(settle: 0.05)
        try spool.drop("study", files)
        try await cut.run(spool)
        try await cut.finish(spool, .rejected)
        #expect(spool.list("outbox") == ["study"] && spool.list("outbox/study") == ["error.json"], "\(cut)")
        #expect(spool.list("failed/study") == ["a", "broken"], "\(cut)")
      }
    }

    /// The answer to a question, with a folder in it, becomes part of the original.
    @Test func anAnswerSurvivesAPowerCutAtEveryOperation() async throws {
      @Sendable func asked() async throws -> TestSpool {
        let spool = try TestSpool(settle: 0.05)
        try spool.drop("study", Self.good.merging(["ask": ""]) { $1 })
        let service = spool.start()
        try await spool.wait { ((try? spool.jobs()) ?? []).map(\.state) == [.needsReview] }
        try await service.stop()
        try spool.drop("study", ["study.yaml": "y", "sub/more": "x"])
        return spool
      }
      let count = try await PowerCut.operations(of: asked())
      #expect(count > 40)
      try await PowerCut.forEach(below: count) { cut in
        let spool = try await asked()
        try await cut.run(spool)
        try await cut.finish(spool, .done)
        #expect(spool.text("outbox/study/features.json")?.hasPrefix("the masky") == true, "\(cut)")
        #expect(spool.list("done/study") == ["a", "ask", "b", "mask", "study.yaml", "sub"], "\(cut)")
        #expect(spool.text("done/study/sub/more") == "x", "\(cut)")
      }
    }

    @Test func deletedOriginalsAndKeptOnesSurviveAPowerCutAtEveryOperation() async throws {
      for policy in ["delete", "keep"] {
        let count = try await PowerCut.operations("originals: \(policy)") { try $0.drop("study", Self.good) }
        try await PowerCut.forEach(below: count) { cut in
          let spool = try TestSpool("originals: \(policy)", settle: 0.05)
          try spool.drop("study", Self.good)
          try await cut.run(spool)
          try await cut.finish(spool, .done, inbox: policy == "keep" ? ["study"] : [])
          #expect(spool.list("outbox") == ["study"], "\(policy), \(cut)")
        }
      }
    }

    /// A whole copy of the study is in the inbox, claimed, in the spool or put away.
    private static func wholeStudies(_ spool: TestSpool) -> Bool {
      var places = ["inbox/study", "done/study"]
      for job in spool.list("inbox/.radiomicsd/claimed") { places.append("inbox/.radiomicsd/claimed/\(job)/study") }
      for job in spool.list("state/spool/in") { places.append("state/spool/in/\(job)/input") }
      return places.contains { place in good.allSatisfy { spool.text("\(place)/\($0.key)") == $0.value } }
    }
  }
}
