import Errors
import Testing
import Training

@Suite("Fitting")
struct FittingTests {
  private let cohort = SyntheticCohort.make(60, columns: 40, signal: 1.5, seed: 3)

  @Test("Results do not depend on the number of threads")
  func resultsDoNotDependOnThreads() throws {
    let plan = ResamplingPlan(folds: 4, repeats: 2, innerFolds: 3, seed: 2)
    var calibrated = perceptron()
    calibrated.calibration = .platt
    let candidates = [logistic(0.1), logistic(1), perceptron(), forest(20), calibrated]
    let one = try outOfFoldPredictions(candidates, cohort, plan: plan, threads: 1)
    let three = try outOfFoldPredictions(candidates, cohort, plan: plan, threads: 3)
    #expect(one == three)
    #expect(one.map(\.repetition) == [0, 0, 0, 0, 1, 1, 1, 1])
    #expect(one.allSatisfy { $0.selection.losses.count == 5 })
  }

  @Test("The order of the columns does not matter")
  func columnOrderDoesNotMatter() throws {
    // Components and forest see other sums in another order, so the last digits may differ and no more.
    let order = Array((0..<40).reversed())
    let permuted = cohort.features.columns(order)
    for specification in [perceptron(), logistic(), logistic(0.3, components: nil)] {
      let rows = Array(0..<45)
      let a = try PipelineFitter.fit(specification, cohort.features, labels: cohort.labels, rows: rows)
      let b = try PipelineFitter.fit(specification, permuted, labels: cohort.labels, rows: rows)
      let probe = Array(45..<60)
      #expect(difference(a.probabilities(cohort.features.rows(probe)), b.probabilities(permuted.rows(probe))) < 1e-6)
    }
  }

  @Test("Every classifier learns a planted signal")
  func everyClassifierLearnsASignal() throws {
    let cohort = SyntheticCohort.make(120, columns: 40, signal: 3, seed: 8)
    let split = try Splits.holdOut(labels: cohort.labels, groups: cohort.groups, trainingShare: 0.7, seed: 1)
    for specification in [perceptron(), logistic(), forest(100)] {
      let fitted = try PipelineFitter.fit(specification, cohort.features, labels: cohort.labels, rows: split.training)
      let probabilities = fitted.probabilities(cohort.features.rows(split.test))
      #expect(SyntheticCohort.auc(probabilities, split.test.map { cohort.labels[$0] }) > 0.75)
    }
  }

  @Test("Calibration keeps the order of the cases and moves the mean")
  func calibrationKeepsOrderAndMovesMean() throws {
    var specification = perceptron([16], alpha: 0, epochs: 300)
    let plain = try PipelineFitter.fit(specification, cohort.features, labels: cohort.labels, rows: Array(0..<45))
    specification.calibration = .platt
    let calibrated = try PipelineFitter.fit(specification, cohort.features, labels: cohort.labels, rows: Array(0..<45))
    let probe = cohort.features.rows(Array(45..<60))
    let (p, q) = (plain.probabilities(probe), calibrated.probabilities(probe))
    #expect(p != q)
    let order = p.indices.sorted { p[$0] < p[$1] }
    #expect(zip(order, order.dropFirst()).allSatisfy { q[$0] <= q[$1] })
    // An overfitted network is too sure of itself; calibrated it is less so.
    #expect(q.map { abs($0 - 0.5) }.reduce(0, +) < p.map { abs($0 - 0.5) }.reduce(0, +))
  }

  @Test("Numbers that overflow are refused by name")
  func overflowingNumbersAreNamed() throws {
    var values = cohort.features.values
    for row in 0..<60 { values[row * 40 + 7] *= 1e300 }
    let huge = FeatureMatrix(names: cohort.features.names, rowCount: 60, values: values)
    let fault = #expect(throws: StudyError.self) {
      try PipelineFitter.fit(logistic(), huge, labels: cohort.labels, rows: Array(0..<60))
    }
    #expect(fault?.code.name == "E_TRAIN_DIVERGED" && fault?.message.contains("feature_7 ") == true)
  }

  @Test("Imputation is learnt from the training rows")
  func imputationUsesTrainingRowsOnly() throws {
    var values = cohort.features.values
    values[5 * 40 + 7] = .nan
    let holed = FeatureMatrix(names: cohort.features.names, rowCount: 60, values: values)
    let rows = Array(0..<45)
    #expect {
      try PipelineFitter.fit(logistic(), holed, labels: cohort.labels, rows: rows)
    } throws: { error in
      let fault = error as? StudyError
      return fault?.code.name == "E_TRAIN_MISSING" && fault?.message.contains("feature_7") == true
    }
    var specification = logistic()
    for imputation in PipelineSpecification.Imputation.allCases {
      specification.imputation = imputation
      let fitted = try PipelineFitter.fit(specification, holed, labels: cohort.labels, rows: rows)
      let present = rows.filter { $0 != 5 }.map { cohort.features[$0, 7] }.sorted()
      let expected = imputation == .mean ? present.reduce(0, +) / 44 : (present[21] + present[22]) / 2
      #expect(abs((fitted.tensor("impute.value")?[7] ?? .nan) - expected) < 1e-12)
      #expect(fitted.probabilities(holed).allSatisfy { $0 > 0 && $0 < 1 })
    }
  }

  @Test("A perceptron that diverges is refused")
  func divergingPerceptronIsRefused() {
    var settings = MLPSettings()
    settings.hidden = [4]
    // Adam's first step is as long as the learning rate: the squares of such weights are infinite.
    settings.learningRate = 1e200
    settings.maxIterations = 5
    let specification = PipelineSpecification(components: .count(4), classifier: .mlp(settings))
    #expect {
      try PipelineFitter.fit(specification, cohort.features, labels: cohort.labels, rows: Array(0..<45))
    } throws: { error in
      (error as? StudyError)?.code.name == "E_TRAIN_DIVERGED"
    }
  }

  @Test("Data that cannot be fitted are refused")
  func unfittableDataIsRefused() throws {
    func code(_ body: () throws -> Void) -> String? {
      do { try body() } catch let error as StudyError { return error.code.name } catch { return "\(error)" }
      return nil
    }
    let one = cohort.with(labels: [Bool](repeating: true, count: 60))
    #expect(
      code { _ = try PipelineFitter.fit(logistic(), one.features, labels: one.labels, rows: Array(0..<60)) }
        == "E_TRAIN_CLASSES")
    #expect(
      code { _ = try PipelineFitter.fit(logistic(), one.features, labels: one.labels, rows: []) } == "E_TRAIN_CLASSES")
    #expect(
      code {
        _ = try PipelineFitter.fit(
          logistic(components: .count(10)), cohort.features, labels: cohort.labels, rows: Array(0..<10))
      } == "E_TRAIN_COMPONENTS")
    #expect(
      code {
        _ = try Splits.repeatedKFold(
          labels: [true, false, false, false], groups: ["a", "b", "c", "d"], folds: 2, repeats: 1, seed: 1)
      } == "E_TRAIN_SPLIT")
    #expect(
      code {
        _ = try Splits.holdOut(labels: [true, false], groups: ["a", "b"], trainingShare: 0.5, seed: 1)
      } == "E_TRAIN_SPLIT")
  }

  @Test("Constant columns are kept and have no effect")
  func constantColumnsHaveNoEffect() throws {
    var values = cohort.features.values
    for row in 0..<60 { values[row * 40 + 3] = 0.1 }
    let constant = FeatureMatrix(names: cohort.features.names, rowCount: 60, values: values)
    let fitted = try PipelineFitter.fit(logistic(), constant, labels: cohort.labels, rows: Array(0..<60))
    #expect(fitted.tensor("scaler.scale")?[3] == 1)
    let weights = try #require(fitted.tensor("pca.components"))
    #expect((0..<8).allSatisfy { abs(weights[$0 * 40 + 3]) < 1e-12 })
  }
}
