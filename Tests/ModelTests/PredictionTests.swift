import Foundation
import Model
import Testing

struct PredictionTests {
  private let golden = Goldens.named("paper shape, relu")

  private func load() throws -> ModelBundle {
    try BundleDraft(golden).withFolder { try ModelBundle(contentsOf: $0.path) }
  }

  private var row: [String: Double] { Dictionary(uniqueKeysWithValues: zip(golden.features, golden.rows[0])) }

  @Test("An unusable feature withholds the prediction and is named", arguments: [Double.nan, .infinity, -.infinity])
  func unusableFeatureWithholdsAndIsNamed(value: Double) throws {
    var features = row
    features["feature_7"] = value
    let assessment = try load().assess(features)
    guard case .withheld(let reason, let names) = assessment.prediction else {
      Issue.record("predicted from \(value)")
      return
    }
    #expect(names == ["feature_7"])
    #expect(reason.contains("feature_7"))
    #expect(assessment.outOfDistribution == nil)
  }

  @Test("Missing features withhold the prediction and are listed in the model's order")
  func missingFeaturesWithholdInModelOrder() throws {
    var features = row
    for name in ["feature_100", "feature_2", "feature_30", "feature_4"] { features[name] = nil }
    guard case .withheld(let reason, let names) = try load().predict(features) else {
      Issue.record("predicted without four features")
      return
    }
    #expect(names == ["feature_2", "feature_4", "feature_30", "feature_100"])
    #expect(reason.contains("and 1 more"))
  }

  @Test("Features that the model does not use are ignored")
  func otherFeaturesAreIgnored() throws {
    var features = row
    features["not_of_this_model"] = .nan
    #expect(try load().predict(features) == load().predict(row))
  }

  @Test("Features that overflow the arithmetic withhold the prediction")
  func overflowingFeaturesWithhold() throws {
    var features = row
    for name in features.keys { features[name] = 1e300 }
    let assessment = try load().assess(features)
    guard case .withheld(let reason, let names) = assessment.prediction else {
      #expect(assessment.outOfDistribution?.flag == true)
      return
    }
    #expect(reason.contains("overflow") && !names.isEmpty)
    #expect(assessment.outOfDistribution?.flag == true)
  }

  /// The first eight golden rows come from the training distribution, the last three lie thirty deviations off.
  @Test("Cases far from the cohort are flagged, near ones are not")
  func onlyFarCasesAreFlagged() throws {
    let bundle = try load()
    let distances = golden.rows.compactMap {
      bundle.assess(Dictionary(uniqueKeysWithValues: zip(golden.features, $0))).outOfDistribution
    }
    #expect(distances.count == 11)
    #expect(distances.prefix(8).allSatisfy { !$0.flag && $0.score < 1 })
    #expect(distances.suffix(3).allSatisfy { $0.flag && $0.score > 1 && $0.outsideRange > 100 })
    for distance in distances {
      #expect(distance.worst.count == OutOfDistribution.worstCount)
      #expect(zip(distance.worst, distance.worst.dropFirst()).allSatisfy { abs($0.z) >= abs($1.z) })
    }
  }

  @Test("The worst feature is the one that was moved")
  func worstFeatureIsTheMovedOne() throws {
    var features = row
    let (mean, sd) = (golden.cohort.features.mean[50], golden.cohort.features.sd[50])
    features["feature_50"] = mean + 40 * sd
    let distance = try #require(try load().assess(features).outOfDistribution)
    let worst = try #require(distance.worst.first)
    #expect(worst.feature == "feature_50")
    #expect(abs(worst.z - 40) < 1e-9)
    #expect(worst.isOutside)
    #expect(distance.outsideRange >= 1)
  }

  /// Column 3 of the goldens is constant in training: its scale is 1, its z infinite for any other value.
  @Test("A feature that is constant in training has an infinite z for any other value")
  func constantFeatureHasInfiniteZ() throws {
    var features = row
    features["feature_3"] = 2.5
    let worst = try #require(try load().assess(features).outOfDistribution?.worst.first)
    #expect(worst.feature == "feature_3" && worst.z == .infinity)
  }
}
