internal import Glibc

/// Platt 1999: a logistic function of the logit, fitted to probabilities of training cases by pipelines that did not see
/// them (5-fold), with the smoothed targets of Lin, Lin and Weng 2007.
struct PlattFit: Sendable {
  /// Above zero: where the probabilities carry no information, the slope is the smallest that keeps their order.
  let a: Double
  let b: Double

  static let folds = 5
  private static let leastSlope = 1e-6

  init(
    _ specification: PipelineSpecification, _ matrix: FeatureMatrix, labels: [Bool], groups: [String], rows: [Int]
  ) throws {
    var plain = specification
    plain.calibration = nil
    let probabilities = try OutOfFold.pooled(
      plain, matrix, labels: labels, groups: groups, rows: rows, folds: Self.folds)
    let targets = rows.map { labels[$0] }
    let positive = Double(targets.count { $0 })
    let negative = Double(targets.count) - positive
    let smoothed = targets.map { $0 ? (positive + 1) / (positive + 2) : 1 / (negative + 2) }
    let eps = Double.ulpOfOne
    let logits = probabilities.map { raw -> Double in
      let p = min(max(raw, eps), 1 - eps)
      return log(p) - log1p(-p)
    }
    // A penalty this weak only makes sure that the solution is finite.
    let fit = try LogisticRegressionFit(logits, targets: smoothed, columns: 1, c: 1e6)
    a = max(fit.coefficients[0], Self.leastSlope)
    b = fit.coefficients[0] > Self.leastSlope ? fit.intercept : log((positive + 1) / (negative + 1))
  }
}
