import Evaluation
import Foundation

/// Scores made from a fixed generator: what a study of 67 training and 30 test cases could have given.
struct SyntheticStudy {
  private var state: UInt64 = 42

  mutating func uniform() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) / Double(UInt64(1) << 53)
  }

  mutating func normal() -> Double {
    (-2 * log(max(uniform(), 1e-300))).squareRoot() * cos(2 * .pi * uniform())
  }

  mutating func scores(_ labels: [Bool], _ strength: Double) -> [Double] {
    labels.map { 1 / (1 + exp(-(strength * ($0 ? 0.5 : -0.5) + normal()))) }
  }

  /// - Parameter strength: distance of the classes in standard deviations; 0 is noise.
  static func results(strength: Double, models: [String] = ["MLP", "Random forest", "Logistic regression"])
    -> ExperimentResults
  {
    var source = SyntheticStudy()
    var study = ExperimentResults(
      title: "her2-ctu 1.0.0", labelDefinition: "IHC 2+ or 3+", classes: ["HER2-negative", "HER2-positive"],
      featureCount: 975, componentCount: 20)
    study.developmentLabels = (0..<67).map { $0 < 29 }
    study.testLabels = (0..<30).map { $0 < 13 }
    study.testIDs = (0..<30).map { "case-\($0)" }
    study.resampling = "5-fold cross-validation, 10 repeats"
    study.flow = [FlowStep("Cases", 98), FlowStep("Left out: no label", 1), FlowStep("Analysed", 97)]
    for name in models {
      var model = ModelResults(name: name, kind: "mlp", threshold: 0.5, thresholdRule: "fixed in advance")
      model.training = source.scores(study.developmentLabels, 8)
      model.outOfFold = (0..<10).map { _ in source.scores(study.developmentLabels, strength) }
      model.test = source.scores(study.testLabels, strength)
      model.permutation = PermutationResults(
        observed: 0.5 + 0.2 * strength, permuted: (0..<100).map { _ in 0.5 + 0.06 * source.normal() })
      model.splitSeeds = (0..<30).map { _ in min(1, 0.5 + 0.15 * strength + 0.08 * source.normal()) }
      model.learningCurve = [20, 40, 67].map { n in
        LearningPoint(
          trainingCases: n, training: (0..<5).map { _ in 0.99 },
          validation: (0..<5).map { _ in 0.6 + 0.03 * source.normal() })
      }
      study.models.append(model)
    }
    let all = study.developmentLabels + study.testLabels
    study.clinical = [
      ClinicalVariable(name: "Age", values: .numbers(all.map { _ in (65 + 9 * source.normal()).rounded() })),
      ClinicalVariable(
        name: "Sex", values: .categories(all.map { _ in source.uniform() < 0.75 ? "male" : "female" })),
      ClinicalVariable(
        name: "Stage", values: .categories(all.indices.map { $0 % 17 == 0 ? nil : ["Ta", "T1", "T2", "T4"][$0 % 4] })),
    ]
    study.components = ComponentResults(
      explainedShares: (0..<66).map { pow(0.9, Double($0)) * 0.1 },
      scores: study.developmentLabels.map { _ in SIMD2(source.normal(), source.normal()) },
      testScores: study.testLabels.map { _ in SIMD2(source.normal(), source.normal()) })
    return study
  }
}
