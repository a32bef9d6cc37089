import Statistics
import Testing

@Suite("Proportions and calibration")
struct ProportionAndCalibrationTests {
  @Test("Intervals of a proportion equal R's")
  func proportionIntervalsEqualR() throws {
    // scipy.stats.beta.ppf and Wilson's formula: 24 of 30.
    let share = try Proportion(24, of: 30)
    let (exact, wilson) = (share.clopperPearson(), share.wilson())
    #expect(close([exact.lower, exact.upper], [0.6143334890033929, 0.9228644879989344]))
    #expect(close([wilson.lower, wilson.upper], [0.6269430358685175, 0.9049489282271013]))
    let (none, all) = (try Proportion(0, of: 7), try Proportion(7, of: 7))
    #expect(none.clopperPearson().lower == 0 && none.wilson().lower == 0 && none.wilson().upper < 0.4)
    #expect(all.clopperPearson().upper == 1 && all.wilson().upper == 1)
    // The rule of three's exact form: 1 - 0.025^(1/7).
    #expect(close(none.clopperPearson().upper, 0.409616397225003))
    #expect(throws: NotEstimable.self) { try Proportion(0, of: 0) }
  }

  @Test("Recalibration equals R's logistic regression")
  func recalibrationEqualsRsRegression() throws {
    let r = Reference.r
    let (labels, p) = (try r.labels("binary/labels"), try r.numbers("binary/a"))
    let fit = try Recalibration(labels: labels, probabilities: p)
    #expect(try close([fit.intercept, fit.slope], r.numbers("binary/recalibration")))
    #expect(try close(fit.slopeError, r.number("binary/slopeError")))
    #expect(try close(Recalibration.inTheLarge(labels: labels, probabilities: p), r.number("binary/inTheLarge")))
    #expect(try close(ProbabilityScores.brier(labels: labels, probabilities: p), r.number("binary/brier")))
    let ratio = try Recalibration.expectedOverObserved(labels: labels, probabilities: p)
    #expect(close(ratio, p.reduce(0, +) / Double(labels.count { $0 })))
  }

  @Test(
    "Recalibration equals SciPy's optimum",
    .enabled(if: Reference.goldenIsPresent, "shared/data/training/golden.json is absent"))
  func recalibrationEqualsScipysOptimum() throws {
    let golden = Reference.golden
    let (labels, p) = (try golden.labels("y_test"), try golden.numbers("prob/noisy"))
    let fit = try Recalibration(labels: labels, probabilities: p)
    // The reference stops its search at a gradient of 1e-10.
    #expect(try close([fit.intercept, fit.slope], golden.numbers("metrics/noisy/calibration_intercept_slope"), 1e-5))
    let large = try Recalibration.inTheLarge(labels: labels, probabilities: p)
    #expect(try close(large, golden.number("metrics/noisy/calibration_in_the_large"), 1e-5))
  }

  @Test("Separated or equal probabilities have no calibration slope")
  func separatedProbabilitiesHaveNoSlope() throws {
    let labels = [true, true, false, false]
    #expect(throws: NotEstimable.self) { try Recalibration(labels: labels, probabilities: [0.9, 0.8, 0.2, 0.1]) }
    #expect(throws: NotEstimable.self) { try Recalibration(labels: labels, probabilities: [0.5, 0.5, 0.5, 0.5]) }
    #expect(throws: NotEstimable.self) { try Recalibration(labels: [true, true], probabilities: [0.5, 0.6]) }
    #expect(try close(Recalibration.inTheLarge(labels: labels, probabilities: [0.5, 0.5, 0.5, 0.5]), 0))
  }

  /// R's curve comes out of a pseudo-inverse with cut-offs of its own, hence the tolerance.
  @Test("The calibration index equals R's loess")
  func calibrationIndexEqualsRsLoess() throws {
    let r = Reference.r
    let (labels, p) = (try r.labels("loess/labels"), try r.numbers("loess/p"))
    let index = try IntegratedCalibrationIndex(labels: labels, probabilities: p)
    #expect(try zip(index.curve, r.numbers("loess/curve")).allSatisfy { abs($0 - $1) < 1e-6 })
    let wanted = try r.numbers("loess/index")
    #expect(zip([index.ici, index.e50, index.e90, index.eMax], wanted).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(throws: NotEstimable.self) {
      try IntegratedCalibrationIndex(labels: Array(labels.prefix(99)), probabilities: Array(p.prefix(99)))
    }
    #expect(throws: NotEstimable.self) {
      try IntegratedCalibrationIndex(labels: labels, probabilities: labels.map { _ in 0.3 })
    }
    // Two different probabilities allow the shares at each, and no curve through more.
    let two = labels.indices.map { $0 < 90 ? 0.2 : 0.7 }
    let curve = try IntegratedCalibrationIndex(labels: labels, probabilities: two).curve
    let shares = [labels[..<90], labels[90...]].map { Double($0.count { $0 }) / Double($0.count) }
    #expect(close([curve[0], curve[159]], shares, 1e-6))
  }

  @Test("Calibration bins keep equal probabilities together")
  func binsKeepEqualProbabilitiesTogether() throws {
    let p = [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.7, 0.9]
    let labels = [false, false, true, false, false, false, false, false, true, true]
    let curve = try CalibrationCurve(labels: labels, probabilities: p)
    #expect(curve.bins.map(\.observed.total) == [8, 2])
    #expect(close(curve.bins.map(\.meanProbability), [0.1, 0.8]))
    #expect(curve.bins.map(\.observed.count) == [1, 2])
  }

  @Test("Calls at a threshold are counted")
  func callsAtThresholdAreCounted() throws {
    let calls = ConfusionMatrix(truePositives: 8, falsePositives: 2, trueNegatives: 6, falseNegatives: 4)
    #expect(try close(calls.f1(), 16.0 / 22))
    #expect(try close(calls.balancedAccuracy(), (8.0 / 12 + 6.0 / 8) / 2))
    #expect(try close(calls.matthewsCorrelation(), 40 / (10 * 12 * 8 * 10.0).squareRoot()))
    #expect(try close(calls.positiveLikelihoodRatio(), (8.0 / 12) / 0.25))
    let values = try calls.predictiveValues(prevalence: 12.0 / 20)
    #expect(close([values.positive, values.negative], [0.8, 0.6]))
    let silent = ConfusionMatrix(labels: [true, false], scores: [0.1, 0.2], threshold: 0.5)
    #expect(silent.positivePredictiveValue.value == nil && silent.positivePredictiveValue.reason != nil)
    #expect(throws: NotEstimable.self) { try silent.matthewsCorrelation() }
  }
}
