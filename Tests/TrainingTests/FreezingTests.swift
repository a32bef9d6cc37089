import Foundation
import Hashing
import Model
import TestKit
import Testing
import Training

@Suite("Freezing")
struct FreezingTests {
  private let cohort = SyntheticCohort.make(80, columns: 50, signal: 2, seed: 12)

  private func settings(_ kind: PipelineSpecification.Classifier.Kind) -> TrainingConfiguration {
    var settings = TrainingConfiguration()
    settings.kind = kind
    settings.name = "test"
    settings.space.components = [.count(5), .count(8)]
    settings.space.forest.trees = 30
    settings.threshold = .youden
    return settings
  }

  private func release() -> TrainedModel.Release {
    TrainedModel.Release(created: "2026-01-01T00:00:00Z", profile: Array("setting:\n".utf8), profileName: "test")
  }

  @Test("A bundle serves the model that was trained", arguments: PipelineSpecification.Classifier.Kind.allCases)
  func bundleServesTheTrainedModel(_ kind: PipelineSpecification.Classifier.Kind) throws {
    let folder = try TemporaryFolder()
    let model = try TrainedModel.train(cohort, settings(kind), threads: 2)
    let bundle = try model.bundle(release()).write(to: folder("b"))
    let loaded = try ModelBundle(contentsOf: folder("b"))
    #expect(loaded.id == bundle.id && loaded.selfTestDifference == 0)
    // The frozen model gives the very numbers of the fitted one.
    let probe = cohort.features.rows(model.split.test)
    let expected = model.pipeline.probabilities(probe)
    for (row, probability) in expected.enumerated() {
      let named = Dictionary(uniqueKeysWithValues: zip(probe.names, probe.row(row)))
      guard case .value(let score) = loaded.predict(named) else {
        Issue.record("withheld")
        continue
      }
      #expect(score.probability == probability && score.threshold == model.threshold)
    }
    // Cases of the same kind lie within the limits for the most part.
    let flags = (0..<probe.rowCount).count { row in
      loaded.assess(Dictionary(uniqueKeysWithValues: zip(probe.names, probe.row(row)))).outOfDistribution?.flag == true
    }
    #expect(flags <= 4, "\(flags) of \(probe.rowCount) flagged")
  }

  @Test("The same seed gives the same bytes for any number of threads")
  func sameSeedGivesSameBytes() throws {
    for kind in PipelineSpecification.Classifier.Kind.allCases {
      let one = try TrainedModel.train(cohort, settings(kind), threads: 1).bundle(release()).files()
      let three = try TrainedModel.train(cohort, settings(kind), threads: 3).bundle(release()).files()
      #expect(one == three)
      var other = settings(kind)
      other.seed = 2
      #expect(try TrainedModel.train(cohort, other, threads: 3).bundle(release()).files() != one)
    }
  }

  @Test("A bundle contains no patient's name")
  func bundleContainsNoPatient() throws {
    let named = LabelledCohort(
      ids: (0..<80).map { "SECRET\($0)" }, groups: (0..<80).map { "HIDDEN\($0)" }, labels: cohort.labels,
      features: cohort.features)
    for bytes in try TrainedModel.train(named, settings(.lr), threads: 2).bundle(release()).files().values {
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(!text.contains("SECRET") && !text.contains("HIDDEN"))
    }
  }

  @Test("Held-out cases do not change the model")
  func heldOutCasesDoNotChangeTheModel() throws {
    // Other numbers and labels in the held-out rows: the same model.
    let model = try TrainedModel.train(cohort, settings(.mlp), threads: 2)
    var values = cohort.features.values
    for row in model.split.test { for column in 0..<50 { values[row * 50 + column] += 1000 } }
    let changed = LabelledCohort(
      ids: cohort.ids, groups: cohort.groups, labels: cohort.labels,
      features: FeatureMatrix(names: cohort.features.names, rowCount: 80, values: values))
    let other = try TrainedModel.train(changed, settings(.mlp), threads: 2)
    #expect(try other.bundle(release()).files() == model.bundle(release()).files())
  }

  @Test("Models with imputation serve missing values")
  func imputingModelsServeMissingValues() throws {
    var values = cohort.features.values
    values[3] = .nan
    let holed = LabelledCohort(
      ids: cohort.ids, labels: cohort.labels,
      features: FeatureMatrix(names: cohort.features.names, rowCount: 80, values: values))
    var settings = settings(.lr)
    settings.space.imputation = .median
    settings.space.calibration = .platt
    let folder = try TemporaryFolder()
    let model = try TrainedModel.train(holed, settings, threads: 2)
    let bundle = try model.bundle(release()).write(to: folder("b"))
    var row = Dictionary(uniqueKeysWithValues: zip(holed.features.names, cohort.features.row(1)))
    row["feature_9"] = .nan
    guard case .value = bundle.predict(row) else {
      Issue.record("withheld")
      return
    }
    row["feature_9"] = nil
    guard case .withheld = bundle.predict(row) else {
      Issue.record("an absent column was imputed")
      return
    }
  }

  @Test("Acquisition columns become the envelope")
  func acquisitionColumnsBecomeTheEnvelope() throws {
    let makers = (0..<80).map { $0 == 0 ? "Rare" : $0 % 2 == 0 ? "ACME" : "Other" }
    let described = LabelledCohort(
      ids: cohort.ids, labels: cohort.labels, features: cohort.features,
      clinical: [
        ClinicalColumn(name: "manufacturer", values: .categories(makers)),
        ClinicalColumn(name: "kvp", values: .numbers((0..<80).map { $0 % 2 == 0 ? 100 : 120 })),
        ClinicalColumn(name: "age", values: .numbers((0..<80).map(Double.init))),
        ClinicalColumn(name: "record", values: .numbers((0..<80).map { 10_203_041 + 977 * Double($0) })),
        ClinicalColumn(name: "stage", values: .categories((0..<80).map { $0 < 3 ? "T4" : $0 < 6 ? "Ta" : "T1" })),
        ClinicalColumn(name: "note", values: .categories((0..<80).map { "text \($0)" })),
      ])
    var settings = settings(.lr)
    settings.trainingShare = nil
    let statistics = try TrainedModel.train(described, settings, threads: 2).bundle(release()).cohort
    let envelope = statistics?.acquisition
    // A scanner of one case is not named.
    #expect(envelope?.manufacturers == ["ACME", "Other"] && envelope?.kVp == [100, 120])
    // Of the other columns nothing that few cases have, and no number that is somebody's own.
    #expect(
      statistics?.clinical == [
        Cohort.Clinical(name: "age", known: 80, quartiles: [19.8, 39.5, 59.3]),
        Cohort.Clinical(name: "record", known: 80, quartiles: [10_200_000, 10_200_000, 10_300_000]),
        Cohort.Clinical(name: "stage", known: 80, levels: ["T1": 74, "other": 6]),
        Cohort.Clinical(name: "note", known: 80, levels: ["other": 80]),
      ])
  }
}
