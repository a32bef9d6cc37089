import Random
import Testing
import Training

/// No model learns from its test cases.
@Suite("Leakage")
struct LeakageTests {
  private let plan = ResamplingPlan(folds: 5, repeats: 1, innerFolds: 3, seed: 4)

  private func auc(_ results: [FoldResult], _ cohort: LabelledCohort) -> Double {
    var pooled = [Double](repeating: .nan, count: cohort.count)
    for result in results {
      for (row, probability) in zip(result.testRows, result.probabilities) { pooled[row] = probability }
    }
    return SyntheticCohort.auc(pooled, cohort.labels)
  }

  @Test("Pure noise is not predicted")
  func pureNoiseIsNotPredicted() throws {
    // 97 cases, 975 columns, labels independent of them: the mean over seeds is chance.
    var total = 0.0
    let seeds: [UInt32] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    for seed in seeds {
      let noise = SyntheticCohort.make(97, columns: 975, signal: 0, seed: seed)
      var random = MersenneTwister(seed: seed + 100)
      let cohort = noise.with(labels: random.permutation(97).map { noise.labels[$0] })
      total += auc(
        try outOfFoldPredictions([logistic(0.01), logistic(1)], cohort, plan: plan, threads: 2), cohort)
    }
    #expect(abs(total / Double(seeds.count) - 0.5) < 0.05, "mean AUC \(total / Double(seeds.count))")
  }

  @Test("A planted leak is caught")
  func plantedLeakIsCaught() throws {
    // The same noise, but a column is chosen on all cases, before the split: the check above must not accept it.
    var total = 0.0
    let seeds: [UInt32] = [1, 2, 3, 4, 5, 6]
    for seed in seeds {
      let cohort = SyntheticCohort.make(97, columns: 975, signal: 0, seed: seed)
      let order = (0..<975).map { column -> (Double, Int) in
        let separation = SyntheticCohort.auc(cohort.features.column(column), cohort.labels)
        return (abs(separation - 0.5), column)
      }.sorted { $0 > $1 }.prefix(20).map(\.1)
      let leaky = LabelledCohort(
        ids: cohort.ids, labels: cohort.labels, features: cohort.features.columns(Array(order)))
      total += auc(try outOfFoldPredictions([logistic(1)], leaky, plan: plan, threads: 2), leaky)
    }
    #expect(total / Double(seeds.count) > 0.55, "mean AUC \(total / Double(seeds.count))")
  }

  @Test("Test rows do not affect the fit")
  func testRowsDoNotAffectTheFit() throws {
    // Every step of a fit is the same whatever the content of the rows that it must not see.
    let cohort = SyntheticCohort.make(40, columns: 30, signal: 1.5, seed: 5)
    let rows = Array(0..<30)
    var values = cohort.features.values
    for i in (30 * 30)..<values.count { values[i] = 1e9 }
    let poisoned = FeatureMatrix(names: cohort.features.names, rowCount: 40, values: values)
    for var specification in [perceptron(), logistic(), forest()] {
      specification.calibration = .platt
      let clean = try PipelineFitter.fit(specification, cohort.features, labels: cohort.labels, rows: rows)
      let other = try PipelineFitter.fit(
        specification, poisoned, labels: cohort.labels.enumerated().map { $0 < 30 ? $1 : !$1 }, rows: rows)
      let probe = cohort.features.rows(Array(30..<40))
      #expect(clean.probabilities(probe) == other.probabilities(probe))
    }
  }

  @Test("All rows of a patient are on one side of a split")
  func patientIsOnOneSideOfASplit() throws {
    let cohort = SyntheticCohort.make(90, columns: 4, signal: 1, seed: 6, casesPerPatient: 3)
    let splits = try Splits.repeatedKFold(
      labels: cohort.labels, groups: cohort.groups, folds: 5, repeats: 3, seed: 9)
    for split in splits.flatMap({ $0 }) {
      let trained = Set(split.training.map { cohort.groups[$0] })
      #expect(trained.isDisjoint(with: split.test.map { cohort.groups[$0] }))
      #expect(split.training.count + split.test.count == 90)
    }
    for repetition in splits { #expect(repetition.flatMap(\.test).sorted() == Array(0..<90)) }
    let once = try Splits.holdOut(labels: cohort.labels, groups: cohort.groups, trainingShare: 0.7, seed: 3)
    #expect(Set(once.training.map { cohort.groups[$0] }).isDisjoint(with: once.test.map { cohort.groups[$0] }))
    #expect(once.test.count == 27)
  }
}
