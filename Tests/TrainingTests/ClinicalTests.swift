import Errors
import Random
import Testing
import Training

/// Clinical variables together with radiomics: the same folds, and nothing learnt outside them.
@Suite("Clinical variables")
struct ClinicalTests {
  private static func clinical(_ cohort: LabelledCohort, _ columns: [ClinicalColumn]) -> LabelledCohort {
    LabelledCohort(
      ids: cohort.ids, groups: cohort.groups, labels: cohort.labels, features: cohort.features, clinical: columns)
  }

  private var configuration: TrainingConfiguration {
    var settings = TrainingConfiguration()
    settings.kind = .lr
    settings.space.components = [.count(4)]
    settings.space.c = [0.1, 1]
    settings.plan = ResamplingPlan(folds: 5, repeats: 2, innerFolds: 3, seed: 1)
    return settings
  }

  private func compare(_ cohort: LabelledCohort, threads: Int = 2) throws -> (TrainedModel, ClinicalComparison) {
    let model = try TrainedModel.train(cohort, configuration, threads: threads)
    let validation = try CrossValidation(model, threads: threads)
    return (
      model,
      try ClinicalComparison(model, validation, try ClinicalPredictors(cohort), threads: threads)
    )
  }

  @Test("Clinical columns become numbers or are left out with the reason")
  func columnsAreEncodedOrOmittedWithReason() throws {
    let cohort = SyntheticCohort.make(8, columns: 3, signal: 1, seed: 1)
    let columns = [
      ClinicalColumn(name: "age", values: .numbers([50, .nan, 70, 61, 55, 44, 80, 66])),
      ClinicalColumn(name: "sex", values: .categories(["m", "f", "m", nil, "f", "m", "m", "f"])),
      ClinicalColumn(name: "stage", values: .categories(["T1", "T2", "Ta", "T1", "T1", "T2", "Ta", "Ta"])),
      ClinicalColumn(name: "grade", values: .categories([nil, nil, nil, nil, nil, "G1", "G2", "G3"])),
      ClinicalColumn(name: "note", values: .categories((0..<8).map { "text \($0)" })),
      ClinicalColumn(name: "site", values: .categories([String?](repeating: "A", count: 8))),
      ClinicalColumn(name: "kvp", values: .numbers([100, 120, 120, 100, 120, 120, 100, 120])),
    ]
    let whole = Self.clinical(cohort, columns)
    let predictors = try ClinicalPredictors(whole)
    #expect(predictors.names == ["age", "sex", "stage"])
    #expect(predictors.matrix.names == ["age", "sex=m", "stage=T2", "stage=Ta"])
    #expect(predictors.matrix.row(0) == [50, 1, 0, 0] && predictors.matrix.row(6) == [80, 1, 0, 1])
    #expect(predictors.matrix[1, 0].isNaN && predictors.matrix[3, 1].isNaN)
    #expect(
      predictors.leftOut.map { "\($0.name): \($0.reason)" } == [
        "grade: known in 3 of 8 cases", "note: 8 different texts, more than 6", "site: one value in all cases",
      ])
    // The scan of a case is a predictor only on request.
    #expect(try ClinicalPredictors(whole, wanted: ["kvp"]).matrix.names == ["kvp"])
    let fault = #expect(throws: StudyError.self) { try ClinicalPredictors(whole, wanted: ["height"]) }
    #expect(fault?.code.name == "E_TRAIN_CONFIG" && fault?.message.contains("height") == true)
  }

  @Test("The combined model knows what either source knows")
  func combinedModelKnowsBothSources() throws {
    // Half of the class difference is in the features, the other half in the age, of which a fifth is missing.
    let cohort = SyntheticCohort.make(120, columns: 12, signal: 1.5, seed: 3)
    var random = MersenneTwister(seed: 8)
    let ages = cohort.labels.enumerated().map { index, label in
      index % 5 == 4 ? .nan : random.uniform(-1, 1, count: 4).reduce(0, +) + (label ? 1.4 : 0)
    }
    let columns = [ClinicalColumn(name: "age", values: .numbers(ages))]
    let (model, comparison) = try compare(Self.clinical(cohort, columns))
    let labels = model.split.training.map { cohort.labels[$0] }
    func auc(_ part: ClinicalComparison.Predictions) -> Double { SyntheticCohort.auc(part.outOfFold[0], labels) }
    let radiomics = SyntheticCohort.auc(try CrossValidation(model, threads: 2).probabilities[0], labels)
    #expect(auc(comparison.clinical) > 0.6)
    #expect(auc(comparison.combined) > auc(comparison.clinical) + 0.02)
    #expect(auc(comparison.combined) > radiomics)
    #expect(comparison.combined.test.count == model.split.test.count && comparison.clinical.chosen.count == 10)

    let again = try compare(Self.clinical(cohort, columns), threads: 1).1
    #expect(
      again.combined.outOfFold == comparison.combined.outOfFold && again.clinical.test == comparison.clinical.test)
  }

  @Test("Noise in both sources stays noise")
  func noiseFromBothSourcesStaysNoise() throws {
    // The radiomic column of the training rows comes from models that did not see them: in-sample it would be trusted
    // blindly, and the held-out cases would pay.
    var (clinical, combined, distance) = (0.0, 0.0, 0.0)
    let seeds: [UInt32] = [1, 2, 3, 4, 5, 6, 7, 8]
    for seed in seeds {
      let noise = SyntheticCohort.make(90, columns: 60, signal: 0, seed: seed)
      var random = MersenneTwister(seed: seed + 50)
      let cohort = Self.clinical(
        noise.with(labels: random.permutation(90).map { noise.labels[$0] }),
        [ClinicalColumn(name: "age", values: .numbers(random.uniform(0, 1, count: 90)))])
      let (model, comparison) = try compare(cohort)
      let labels = model.split.training.map { cohort.labels[$0] }
      clinical += SyntheticCohort.auc(comparison.clinical.outOfFold[0], labels) / Double(seeds.count)
      combined += SyntheticCohort.auc(comparison.combined.outOfFold[0], labels) / Double(seeds.count)
      let share = Double(labels.count { $0 }) / Double(labels.count)
      distance = max(distance, comparison.combined.test.map { abs($0 - share) }.max() ?? 0)
    }
    #expect(abs(clinical - 0.5) < 0.1 && abs(combined - 0.5) < 0.1, "\(clinical) \(combined)")
    #expect(distance < 0.45, "\(distance)")
  }
}
