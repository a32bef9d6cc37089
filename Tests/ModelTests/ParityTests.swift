import Foundation
import Model
import Testing

/// Equality with scikit-learn's `predict_proba`, and of the distances with numpy's.
struct ParityTests {
  @Test("Probabilities equal scikit-learn's", arguments: Goldens.shared.cases)
  func probabilitiesEqualScikitLearn(golden: GoldenCase) throws {
    let bundle = try BundleDraft(golden).withFolder { try ModelBundle(contentsOf: $0.path) }
    var largest = 0.0
    for (row, expected) in zip(golden.rows, golden.probability) {
      let features = Dictionary(uniqueKeysWithValues: zip(golden.features, row))
      guard case .value(let score) = bundle.predict(features) else {
        Issue.record("a complete row was withheld")
        continue
      }
      largest = max(largest, abs(score.probability - expected))
      #expect(score.positive == (expected >= 0.5))
      #expect(score.label == (expected >= 0.5 ? "positive" : "negative"))
    }
    #expect(largest <= 1e-12, "largest difference \(largest)")
    #expect(bundle.selfTestDifference <= 1e-12)
  }

  @Test("Distances equal NumPy's", arguments: Goldens.shared.cases)
  func distancesEqualNumpy(golden: GoldenCase) throws {
    let bundle = try BundleDraft(golden).withFolder { try ModelBundle(contentsOf: $0.path) }
    for (index, row) in golden.rows.enumerated() {
      let features = Dictionary(uniqueKeysWithValues: zip(golden.features, row))
      let distance = try #require(bundle.assess(features).outOfDistribution)
      #expect(abs(distance.spe.value - golden.spe[index]) <= 1e-9 * golden.spe[index])
      if let expected = golden.t2?[index] {
        #expect(abs(try #require(distance.t2).value - expected) <= 1e-9 * expected)
      } else {
        #expect(distance.t2 == nil)
      }
    }
  }

  @Test("The reference files cover every step and activation")
  func goldensCoverEveryStepAndActivation() {
    let steps = Goldens.shared.cases.flatMap(\.steps)
    #expect(Set(steps.map(\.op)) == ["standard_scaler", "pca", "mlp", "logistic_regression"])
    #expect(Set(steps.compactMap(\.activation)) == ["relu", "tanh", "logistic", "identity"])
    #expect(Set(steps.compactMap(\.layers)) == [1, 2, 3, 4])
    #expect(Set(steps.compactMap(\.whiten)) == [true, false])
  }
}
