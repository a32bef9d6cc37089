internal import Model
internal import Parallel
internal import Statistics

/// The statistics of the training cases in a frozen model, to measure how far a new case lies from them
/// (`cohort.json`).
struct TrainingReference: Sendable {
  let t2: Cohort.Limits?
  let spe: Cohort.Limits
  let drift: Cohort.Reference
  let from: String

  private static let folds = 5
  private static let repeats = 10
  /// Scores of this number of components are kept.
  private static let components = 5
  static let levels = (0...20).map { Double($0) / 20 }

  /// The limits are quantiles of training cases seen by a scaler and components that were fitted without them: in-sample
  /// residuals would be far too small with more features than cases.
  init(
    _ pipeline: FittedPipeline, _ cohort: LabelledCohort, rows: [Int], outOfFold: [Double], seed: UInt32, threads: Int,
    progress: @Sendable (Int, Int) -> Void
  ) throws {
    let labels = rows.map { cohort.labels[$0] }
    let groups = rows.map { cohort.groups[$0] }
    let folds = Splits.feasibleFolds(labels: labels, groups: groups, atMost: Self.folds)
    let splits = try Splits.repeatedKFold(
      labels: labels, groups: groups, folds: folds, repeats: Self.repeats, seed: seed
    ).flatMap { $0 }
    let kept = min(Self.components, pipeline.componentCount)
    let whole = pipeline.tensor("pca.components") ?? []
    let held = try Parallel.map(splits.count, threads: threads, progress: progress) { index in
      try Distances(
        pipeline, cohort, training: splits[index].training.map { rows[$0] },
        test: splits[index].test.map { rows[$0] }, whole: whole, kept: kept)
    }
    let hasComponents = pipeline.specification.components != nil
    t2 = hasComponents ? Self.limits(held.flatMap(\.t2)) : nil
    spe = Self.limits(held.flatMap(\.spe))
    drift = Cohort.Reference(
      levels: Self.levels, score: Self.quantiles(outOfFold),
      components: kept == 0
        ? nil : (0..<kept).map { c in Self.quantiles(held.flatMap { $0.scores[c] }) },
      from: "\(folds)-fold cross-validation within the training cases")
    from = "\(folds)-fold cross-validation, \(Self.repeats) repeats, stratified, seed \(seed)"
  }

  static func quantiles(_ values: [Double]) -> [Double] {
    let sorted = values.sorted()
    return levels.map { quantile(sorted: sorted, $0) }
  }

  private static func limits(_ values: [Double]) -> Cohort.Limits {
    let sorted = values.sorted()
    // Above zero, so that a distance can be divided by it.
    let q95 = max(quantile(sorted: sorted, 0.95), .leastNormalMagnitude)
    return Cohort.Limits(q95: q95, q99: max(quantile(sorted: sorted, 0.99), q95))
  }

  /// Distances of the held-out cases of one fold.
  private struct Distances: Sendable {
    var t2: [Double] = []
    var spe: [Double] = []
    /// For each of the first components of the whole model, the scores on the fold's component nearest to it.
    var scores: [[Double]] = []

    init(
      _ pipeline: FittedPipeline, _ cohort: LabelledCohort, training: [Int], test: [Int], whole: [Double], kept: Int
    ) throws {
      let specification = pipeline.specification
      let fit = try Preprocessing(Preprocessing.Key(specification), cohort.features, rows: training)
      // A fold has fewer cases, and may therefore have fewer components.
      let count = min(pipeline.componentCount, fit.pca?.rank ?? 0)
      var x = cohort.features.rows(test).values
      let p = fit.columns
      if let imputed = fit.imputed {
        for i in x.indices where !x[i].isFinite { x[i] = imputed[i % p] }
      }
      fit.scaler?.transform(&x)
      scores = [[Double]](repeating: [], count: kept)
      guard let pca = fit.pca, specification.components != nil else {
        spe = test.indices.map { row in (0..<p).reduce(0) { $0 + x[row * p + $1] * x[row * p + $1] } }
        return
      }
      let projected = pca.transform(x, rows: test.count, count: count)
      let nearest = (0..<kept).map { Self.nearest(whole, $0, pca, count: count) }
      for row in test.indices {
        let t = projected[(row * count)..<((row + 1) * count)]
        t2.append(zip(t, pca.explainedVariance).reduce(0) { $0 + $1.0 * $1.0 / $1.1 })
        var rest = (0..<p).map { x[row * p + $0] - pca.mean[$0] }
        for (c, score) in t.enumerated() {
          for j in 0..<p { rest[j] -= score * pca.components[c * p + j] }
        }
        spe.append(rest.reduce(0) { $0 + $1 * $1 })
        for (c, match) in nearest.enumerated() {
          scores[c].append(match.sign * projected[row * count + match.index])
        }
      }
    }

    private static func nearest(
      _ whole: [Double], _ component: Int, _ pca: PrincipalComponentFit, count: Int
    ) -> (index: Int, sign: Double) {
      let p = pca.columns
      var best = (index: 0, product: 0.0)
      for c in 0..<count {
        var product = 0.0
        for j in 0..<p { product += whole[component * p + j] * pca.components[c * p + j] }
        if abs(product) > abs(best.product) { best = (c, product) }
      }
      return (best.index, best.product < 0 ? -1 : 1)
    }
  }
}
