import Statistics
import Testing

@Suite("Discrimination")
struct DiscriminationTests {
  private let r = Reference.r

  private func cases(_ score: String) throws -> BinaryScores {
    try BinaryScores(labels: r.labels("binary/labels"), scores: r.numbers("binary/\(score)"))
  }

  @Test("DeLong's intervals and tests equal pROC's")
  func deLongEqualsPROC() throws {
    let (a, b) = (try DeLong(cases("a")), try DeLong(cases("b")))
    #expect(try close([a.auc, b.auc], r.numbers("binary/auc")))
    #expect(try close([a.variance, b.variance], r.numbers("binary/variance")))
    let interval = try a.interval()
    #expect(try close([interval.lower, interval.upper], r.numbers("binary/ci")))
    let test = try PairedDeLong(cases("a"), cases("b"))
    #expect(try close([test.z, test.pValue], r.numbers("binary/paired")))
    let logit = try a.logitInterval()
    #expect(logit.lower > 0.5 && logit.upper < interval.upper && logit.contains(a.auc))
  }

  /// pROC with 20,000 resamples of another generator: equal within Monte Carlo error.
  @Test("The bootstrap agrees with pROC and has the same bits for the same seed")
  func bootstrapMatchesPROCAndRepeatsItsBits() throws {
    let first = StratifiedBootstrap(try cases("a"), resamples: 20_000, seed: 7)
    let interval = try first.interval()
    #expect(try close([interval.lower, interval.upper], r.numbers("binary/bootstrap"), 0.006))
    let rates = [0, 0.1, 0.5, 1]
    let again = StratifiedBootstrap(try cases("a"), resamples: 200, rates: rates, seed: 7)
    #expect(try again == StratifiedBootstrap(cases("a"), resamples: 200, rates: rates, seed: 7))
    #expect(try again != StratifiedBootstrap(cases("a"), resamples: 200, rates: rates, seed: 8))
    let curve = ROCCurve(try cases("a"))
    for (rate, lower, upper) in again.band {
      let height = curve.truePositiveRate(at: rate)
      #expect(lower <= height && height <= upper, "\(rate): \(lower)...\(upper) without \(height)")
    }
  }

  @Test(
    "ROC and precision-recall curves equal scikit-learn's",
    .enabled(if: Reference.goldenIsPresent, "shared/data/training/golden.json is absent"))
  func curvesEqualScikitLearn() throws {
    let golden = Reference.golden
    let labels = try golden.labels("y_test")
    for model in ["lr", "mlp", "rf", "noisy"] {
      let scores = try BinaryScores(labels: labels, scores: golden.numbers("prob/\(model)"))
      let at = "metrics/\(model)"
      let (roc, pr) = (ROCCurve(scores), PrecisionRecallCurve(ROCCurve(scores)))
      #expect(try close(scores.auc, golden.number("\(at)/auc")))
      #expect(try close(roc.points.map(\.falsePositiveRate), golden.numbers("\(at)/fpr")))
      #expect(try close(roc.points.map(\.truePositiveRate), golden.numbers("\(at)/tpr")))
      #expect(try close(pr.averagePrecision, golden.number("\(at)/ap")))
      #expect(try close(Array(pr.points.map(\.precision).reversed()) + [1], golden.numbers("\(at)/precision")))
      #expect(try close(Array(pr.points.map(\.recall).reversed()) + [0], golden.numbers("\(at)/recall")))
      let deLong = try DeLong(scores)
      #expect(try close(deLong.variance, golden.number("\(at)/delong_var")))
      if let interval = try? deLong.interval() {
        let wanted = try golden.numbers("\(at)/delong_ci")
        #expect(close([interval.lower, interval.upper], [max(0, wanted[0]), min(1, wanted[1])]))
      } else {
        #expect(deLong.auc == 1)
      }
      let probabilities = scores.scores
      let calls = ConfusionMatrix(labels: labels, scores: probabilities, threshold: 0.5)
      #expect(
        try golden.counts("\(at)/confusion@0.5")
          == [[calls.trueNegatives, calls.falsePositives], [calls.falseNegatives, calls.truePositives]])
      #expect(
        close(
          try ProbabilityScores.brier(labels: labels, probabilities: probabilities), try golden.number("\(at)/brier")))
      #expect(
        close(
          try ProbabilityScores.logLoss(labels: labels, probabilities: probabilities),
          try golden.number("\(at)/logloss")))
      for t in [0.1, 0.2, 0.3, 0.5] {
        let benefit = DecisionCurve.netBenefit(labels: labels, probabilities: probabilities, threshold: t)
        #expect(try close(benefit, golden.number("\(at)/net_benefit@\(t)")))
      }
    }
    let paired = try PairedDeLong(
      BinaryScores(labels: labels, scores: golden.numbers("prob/noisy")),
      BinaryScores(labels: labels, scores: golden.numbers("prob/noisy2")))
    #expect(try close([paired.difference, paired.z, paired.pValue], golden.numbers("delong_noisy_vs_noisy2")))
  }

  /// TRAINING tables for planning: 15 and 15 cases.
  @Test("Hanley and McNeil's formula gives the width of an interval of thirty cases")
  func hanleyMcNeilGivesWidthOfThirtyCases() throws {
    for (auc, lower, upper) in [(0.73, 0.55, 0.91), (0.61, 0.41, 0.81), (0.59, 0.38, 0.80)] {
      let interval = try HanleyMcNeil(auc: auc, positives: 15, negatives: 15).interval()
      #expect(abs(interval.lower - lower) < 0.006 && abs(interval.upper - upper) < 0.006)
    }
    let needed = try HanleyMcNeil.cases(auc: 0.73, prevalence: 0.5, width: 0.1)
    #expect(needed > 300 && needed < 500)
  }

  @Test("Degenerate samples are not estimable")
  func degenerateSamplesAreNotEstimable() throws {
    #expect(throws: NotEstimable.self) { try BinaryScores(labels: [], scores: []) }
    #expect(throws: NotEstimable.self) { try BinaryScores(labels: [true, true], scores: [0.1, 0.2]) }
    #expect(throws: NotEstimable.self) { try BinaryScores(labels: [true, false], scores: [.nan, 0.2]) }
    #expect(throws: NotEstimable.self) { try DeLong(BinaryScores(labels: [true, false], scores: [0.3, 0.2])) }
    let perfect = try BinaryScores(labels: [true, true, false, false], scores: [0.9, 0.8, 0.2, 0.1])
    let deLong = try DeLong(perfect)
    #expect(deLong.auc == 1 && deLong.variance == 0)
    #expect(throws: NotEstimable.self) { try deLong.interval() }
    #expect(throws: NotEstimable.self) { try deLong.logitInterval() }
    #expect(throws: NotEstimable.self) { try PairedDeLong(perfect, perfect) }
    #expect(throws: NotEstimable.self) { try StratifiedBootstrap(perfect, resamples: 50).interval() }
    let tied = try BinaryScores(labels: [true, true, false, false], scores: [0.5, 0.5, 0.5, 0.5])
    #expect(tied.auc == 0.5)
    #expect(ROCCurve(tied).points.count == 2)
  }
}
