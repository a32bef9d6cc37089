import Errors
import Evaluation
import Foundation
import Model
import Operations
import TestKit
import Testing
import Training

/// Training, freezing and evaluating as a library caller does it, without the command.
struct TrainingRunTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    var state: UInt64 = 4321
    func random() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 9_007_199_254_740_992
    }
    var features = "study,series,roi,label," + (0..<12).map { "original_glcm_F\($0)" }.joined(separator: ",") + "\r\n"
    var labels = "study,label\r\n"
    for row in 0..<50 {
      let hidden = random() + (row % 5 < 2 ? 0.6 : 0)
      let cells = (0..<12).map { "\(hidden * Double($0 % 4) + random() * 2)" }
      features += "case\(row),s,r,1," + cells.joined(separator: ",") + "\r\n"
      labels += "case\(row),\(row % 5 < 2 ? 1 : 0)\r\n"
    }
    try folder.write("f.csv", features)
    try folder.write("l.csv", labels + "case-without-features,1\r\n")
  }

  private func training(_ name: String, threads: Int) -> TrainingRun {
    var configuration = TrainingConfiguration()
    (configuration.kind, configuration.name, configuration.space.components) = (.lr, "made", [.count(3)])
    var training = TrainingRun(
      source: LabelledCohort.Source(features: [folder("f.csv")], labels: folder("l.csv")),
      configuration: configuration, output: folder(name), threads: threads)
    training.created = "2026-01-02T03:04:05Z"
    return training
  }

  @Test("fit and freeze write a bundle that does not depend on the number of threads")
  func bundleIsTheSameForAnyThreads() throws {
    var notes: [String] = []
    var bundles: [ModelBundle] = []
    for threads in [1, 3] {
      let training = training("bundle\(threads)", threads: threads)
      let fitted = try training.fit(note: { notes.append($0) })
      #expect(!FileManager.default.fileExists(atPath: folder("bundle\(threads)")), "written before it is frozen")
      bundles.append(try training.freeze(fitted))
    }
    #expect(bundles[0].id == bundles[1].id)
    #expect(bundles[0].manifest.name == "made" && bundles[0].manifest.created == "2026-01-02T03:04:05Z")
    #expect(try ModelBundle(contentsOf: folder("bundle1")).id == bundles[0].id)
    #expect(notes.contains { $0.contains("1") }, "the case without features is not mentioned: \(notes)")
  }

  @Test("an existing bundle is refused before tables are read, and replaced on demand")
  func existingBundleIsReplacedOnDemand() throws {
    var training = training("bundle", threads: 1)
    _ = try training.freeze(try training.fit())
    training.source.features = [folder("absent.csv")]
    let error = #expect(throws: StudyError.self) { try training.fit() }
    #expect(error?.code.name == "E_BUNDLE_EXISTS")
    training.source.features = [folder("f.csv")]
    training.replaces = true
    training.created = "2027-01-02T03:04:05Z"
    #expect(try training.freeze(try training.fit()).manifest.created == "2027-01-02T03:04:05Z")
    #expect(try folder.list("").sorted() == ["bundle", "f.csv", "l.csv"])
  }

  @Test("a frozen bundle is evaluated into a folder that is replaced on demand only")
  func frozenBundleIsEvaluated() throws {
    let training = training("bundle", threads: 1)
    let bundle = try training.freeze(try training.fit())
    var run = EvaluationRun(model: folder("bundle"), source: training.source, output: folder("report"))
    let (measured, evaluation) = try run.run()
    #expect(measured.id == bundle.id && evaluation.main.test?.count == 50)
    #expect(try folder.list("report").sorted() == ["evaluation.json", "predictions.csv", "report.html"])
    let error = #expect(throws: StudyError.self) { try run.run() }
    #expect(error?.code.name == "E_OUTPUT_EXISTS")
    run.replaces = true
    #expect(try run.run().evaluation.jsonBytes() == evaluation.jsonBytes())
  }
}
