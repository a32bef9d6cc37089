package import Statistics

/// All statistics of one set of labels and probabilities of a model at its frozen threshold.
package struct SetEvaluation: Sendable {
  package let labels: [Bool]
  package let probabilities: [Double]
  package let threshold: Double
  package let count: Int
  package let positives: Int

  package let auc: Estimate<Double>
  package let deLong: Estimate<Interval>
  package let deLongLogit: Estimate<Interval>
  package let bootstrap: Estimate<Interval>
  /// Two-sided p of AUC = 0.5: Wilcoxon's rank-sum test of the scores.
  package let chance: Estimate<Double>
  package let averagePrecision: Estimate<Double>
  package let roc: ROCCurve?
  /// Sensitivity's bootstrap band over false positive rates; empty where not estimable.
  package let band: [(rate: Double, lower: Double, upper: Double)]
  package let precisionRecall: PrecisionRecallCurve?

  package let confusion: ConfusionMatrix

  package let brier: Estimate<Double>
  package let scaledBrier: Estimate<Double>
  package let logLoss: Estimate<Double>
  package let inTheLarge: Estimate<Double>
  package let recalibration: Estimate<Recalibration>
  package let expectedOverObserved: Estimate<Double>
  package let calibrationIndex: Estimate<IntegratedCalibrationIndex>
  package let calibration: Estimate<CalibrationCurve>
  package let decision: Estimate<DecisionCurve>

  /// False positive rates at which the band is drawn.
  static let rates = (0...40).map { Double($0) / 40 }
  static let thresholds = (1...99).map { Double($0) / 100 }

  package init(labels: [Bool], probabilities: [Double], threshold: Double, seed: UInt64) {
    self.labels = labels
    self.probabilities = probabilities
    self.threshold = threshold
    count = labels.count
    positives = labels.count { $0 }
    let cases = Estimate.of { () throws(NotEstimable) in try BinaryScores(labels: labels, scores: probabilities) }
    func from<Value>(_ compute: (BinaryScores) throws(NotEstimable) -> Value) -> Estimate<Value> {
      .of { () throws(NotEstimable) in try compute(try cases.get()) }
    }
    auc = from { $0.auc }
    deLong = from { (cases) throws(NotEstimable) in try DeLong(cases).interval() }
    deLongLogit = from { (cases) throws(NotEstimable) in try DeLong(cases).logitInterval() }
    let resampled = cases.value.map { StratifiedBootstrap($0, rates: Self.rates, seed: seed) }
    bootstrap = from { (_) throws(NotEstimable) in try resampled!.interval() }
    band = bootstrap.value == nil ? [] : resampled?.band ?? []
    chance = from { (cases) throws(NotEstimable) in try WilcoxonRankSum(cases.positives, cases.negatives).pValue }
    roc = cases.value.map(ROCCurve.init)
    precisionRecall = roc.map(PrecisionRecallCurve.init)
    let precision = precisionRecall
    averagePrecision = from { (_) throws(NotEstimable) in precision!.averagePrecision }
    confusion = ConfusionMatrix(labels: labels, scores: probabilities, threshold: threshold)
    brier = .of { () throws(NotEstimable) in
      try ProbabilityScores.brier(labels: labels, probabilities: probabilities)
    }
    scaledBrier = .of { () throws(NotEstimable) in
      try ProbabilityScores.scaledBrier(labels: labels, probabilities: probabilities)
    }
    logLoss = .of { () throws(NotEstimable) in
      try ProbabilityScores.logLoss(labels: labels, probabilities: probabilities)
    }
    inTheLarge = .of { () throws(NotEstimable) in
      try Recalibration.inTheLarge(labels: labels, probabilities: probabilities)
    }
    recalibration = .of { () throws(NotEstimable) in
      try Recalibration(labels: labels, probabilities: probabilities)
    }
    expectedOverObserved = .of { () throws(NotEstimable) in
      try Recalibration.expectedOverObserved(labels: labels, probabilities: probabilities)
    }
    calibrationIndex = .of { () throws(NotEstimable) in
      try IntegratedCalibrationIndex(labels: labels, probabilities: probabilities)
    }
    calibration = .of { () throws(NotEstimable) in
      try CalibrationCurve(labels: labels, probabilities: probabilities)
    }
    decision = .of { () throws(NotEstimable) in
      try DecisionCurve(labels: labels, probabilities: probabilities, thresholds: Self.thresholds)
    }
  }

  package var negatives: Int { count - positives }
  package var prevalence: Double? { count > 0 ? Double(positives) / Double(count) : nil }

  /// The interval that the report shows first: DeLong on the logit scale keeps its coverage better in small samples,
  /// but readers compare DeLong's own; the bootstrap where neither is estimable.
  package var interval: Estimate<Interval> { deLong.value == nil && bootstrap.value != nil ? bootstrap : deLong }
}
