import Evaluation
import Foundation
import Testing

@Suite struct LearningTrendTests {
  /// Ten repeats at 15, 30 and 60 cases: AUCs that change by `slope` for twice the cases, each repeat a little apart.
  private func curve(_ slope: Double, noise: Double = 0.01) -> [LearningPoint] {
    [15, 30, 60].enumerated().map { step, cases in
      LearningPoint(
        trainingCases: cases, training: [],
        validation: (0..<10).map { 0.7 + slope * Double(step) + noise * sin(Double($0 * 7 + step * 3)) })
    }
  }

  @Test("A rising learning curve is reported as rising")
  func risingCurveIsReported() throws {
    let trend = try #require(LearningTrend(curve(0.05)))
    #expect(trend.verdict == .rises && abs(trend.slope - 0.05) < 0.01 && trend.lower < 0.05 && trend.upper > 0.05)
    #expect(trend.sentence.contains("From 15 to 60") && trend.sentence.contains("it rises"))
  }

  @Test("A falling learning curve is reported as falling")
  func fallingCurveIsReported() throws {
    let trend = try #require(LearningTrend(curve(-0.05)))
    #expect(trend.verdict == .falls && trend.slope < 0)
    #expect(trend.sentence.contains("it falls") && trend.sentence.contains("−0.0"))
  }

  @Test("A flat or uncertain curve is reported as neither")
  func uncertainCurveHasNoTrend() throws {
    #expect(try #require(LearningTrend(curve(0, noise: 0.03))).verdict == .open)
    #expect(try #require(LearningTrend(curve(0.01, noise: 0.2))).verdict == .open)
    #expect(try #require(LearningTrend(curve(0, noise: 0))).verdict == .open)
  }

  /// numpy.polyfit(log2(n), auc, 1) of each repeat: slopes 0.05 and 0.10; t(0.975, 1) = 12.7062047361747.
  @Test("Slope and interval have the values that were computed by hand")
  func slopeAndIntervalMatchHandValues() throws {
    let points = [
      LearningPoint(trainingCases: 16, training: [], validation: [0.6, 0.6]),
      LearningPoint(trainingCases: 32, training: [], validation: [0.65, 0.7]),
    ]
    let trend = try #require(LearningTrend(points))
    let error = 0.05 / 2.0.squareRoot() * 0.75.squareRoot()
    #expect(abs(trend.slope - 0.075) < 1e-12)
    #expect(abs(trend.upper - (0.075 + 12.706204736174694 * error)) < 1e-9)
    #expect(LearningTrend(Array(points.prefix(1))) == nil && LearningTrend([]) == nil)
  }
}
