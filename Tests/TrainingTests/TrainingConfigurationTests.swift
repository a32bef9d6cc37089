import Errors
import Testing
import Training

@Suite("train.yaml")
struct TrainingConfigurationTests {
  private func read(_ yaml: String) throws -> TrainingConfiguration {
    try TrainingConfiguration(yaml: yaml, file: "train.yaml")
  }

  @Test("Every key is read")
  func everyKeyIsRead() throws {
    let settings = try read(
      """
      name: her2-ctu
      version: 1.2.0
      demonstration: true
      classes: [HER2-negative, HER2-positive]
      label_definition: IHC 2+ or 3+
      intended_use: research
      not_for: [children, diagnosis]
      site: a hospital
      period: 2020 to 2024
      model: rf
      seed: 17
      split: 0.6
      cv: {folds: 4, repeats: 3}
      inner: {folds: 3, repeats: 2}
      components: [5, 0.9, none]
      standardise: false
      impute: median
      calibrate: platt
      threshold: youden
      indeterminate: [0.4, 0.6]
      mlp: {hidden: [[16], [16, 8]], activation: tanh, alpha: [1, 2], max_iter: 50, learning_rate: 0.1, batch_size: 8,
        tol: 0.001, n_iter_no_change: 5, early_stopping: true, validation_fraction: 0.2}
      lr: {c: [0.5]}
      rf: {trees: 10, max_depth: 3, min_samples_leaf: [2, 4], bootstrap: false, features: all}
      """)
    #expect(settings.name == "her2-ctu" && settings.version == "1.2.0" && settings.demonstration)
    #expect(settings.classes == ["HER2-negative", "HER2-positive"] && settings.notFor == ["children", "diagnosis"])
    #expect(settings.seed == 17 && settings.plan.seed == 17 && settings.trainingShare == 0.6)
    #expect(settings.plan == ResamplingPlan(folds: 4, repeats: 3, innerFolds: 3, innerRepeats: 2, seed: 17))
    #expect(settings.threshold == .youden && settings.indeterminate == [0.4, 0.6])
    let forests = settings.space.candidates(.rf, seed: 17, fewestRows: 40)
    #expect(forests.count == 6)
    #expect(forests[0].components == .count(5) && forests[2].components == .share(0.9) && forests[5].components == nil)
    #expect(forests.allSatisfy { $0.imputation == .median && $0.calibration == .platt && !$0.standardise })
    #expect(settings.space.candidates(.mlp, seed: 1, fewestRows: 40).count == 12)
    guard case .mlp(let network) = settings.space.candidates(.mlp, seed: 1, fewestRows: 40)[3].classifier else {
      throw CancellationError()
    }
    #expect(network.hidden == [16, 8] && network.alpha == 2 && network.maxIterations == 50 && network.earlyStopping)
  }

  @Test("A single network may be written as a flat list")
  func singleNetworkMayBeWrittenFlat() throws {
    let settings = try read("mlp: {hidden: [16, 8]}")
    #expect(settings.space.hidden == [[16, 8]])
  }

  @Test(
    "Errors name the key",
    arguments: [
      ("modell: rf", "unknown key modell"), ("model: svm", "model must be one of mlp, lr, rf"),
      ("split: 1.5", "split must be"), ("split: [1, 2]", "split must be"), ("components: -3", "components must be"),
      ("mlp: {hidden: [0]}", "mlp.hidden must be"), ("mlp: {layers: 3}", "unknown key mlp.layers"),
      ("rf: {features: most}", "rf.features must be"), ("classes: [a, a]", "classes must name two"),
      ("threshold: 1", "threshold must be"), ("seed: -1", "seed must be"), ("cv: {folds: 1}", "cv.folds must be"),
      ("- a", "must hold keys"), ("a: [", "not valid YAML"),
    ])
  func errorsNameTheKey(_ yaml: String, _ part: String) {
    do {
      _ = try read(yaml)
      Issue.record("accepted")
    } catch {
      let fault = error as? StudyError
      #expect(fault?.code.name == "E_TRAIN_CONFIG" && fault?.message.contains(part) == true, "\(error)")
    }
  }
}
