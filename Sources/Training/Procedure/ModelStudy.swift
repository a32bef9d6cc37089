internal import Statistics

/// What resampling says of one kind of model on the development cases of a study: everything that a report draws beside
/// the held-out cases.
public struct ModelStudy: Sendable {
  public let model: TrainedModel
  public let crossValidation: CrossValidation
  /// AUC in cross-validation with permuted labels, one a permutation, and the true labels' in the same way.
  public let permutation: (observed: Double, permuted: [Double])
  /// AUC of the held-out cases of other splits of the same shares, one a seed.
  public let splitSeeds: [Double]
  public let learningCurve: [LearningStep]
  /// Harrell's bootstrap: AUC of each refitted pipeline on its own resample and on the development cases.
  public let optimism: (resampled: [Double], original: [Double])

  /// AUCs of pipelines fitted to so many cases, one a repeat: on those cases, and on the ones left out.
  public struct LearningStep: Sendable, Equatable {
    public var cases: Int
    public var training: [Double]
    public var validation: [Double]
  }

  /// How much of each is done.
  public struct Effort: Sendable, Equatable {
    public var permutations = 200
    public var splitSeeds = 50
    public var learningSizes = 5
    public var learningRepeats = 20
    public var bootstraps = 100

    public init() {}
  }

  /// - Parameter progress: what is done, and how far.
  public init(
    _ model: TrainedModel, effort: Effort = Effort(), threads: Int,
    progress: @escaping @Sendable (_ stage: String, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
  ) throws {
    self.model = model
    let kind = model.configuration.kind.rawValue.uppercased()
    crossValidation = try CrossValidation(model, threads: threads) {
      progress("\(kind): nested cross-validation", $0, $1)
    }
    let resampling = Resampling(model, threads: threads)
    permutation = try resampling.permutation(effort.permutations) { progress("\(kind): permuted labels", $0, $1) }
    splitSeeds =
      model.split.test.isEmpty
      ? [] : try resampling.splitSeeds(effort.splitSeeds) { progress("\(kind): other splits", $0, $1) }
    learningCurve = try resampling.learningCurve(sizes: effort.learningSizes, repeats: effort.learningRepeats) {
      progress("\(kind): learning curve", $0, $1)
    }
    optimism = try resampling.optimism(effort.bootstraps) { progress("\(kind): bootstrap", $0, $1) }
  }
}

/// Refits of one model's chosen settings on resampled development cases. The choice of settings is not repeated in them:
/// that is what the nested cross-validation is for.
private struct Resampling: Sendable {
  let specification: PipelineSpecification
  let development: LabelledCohort
  let whole: LabelledCohort
  let trainingShare: Double
  let seed: UInt32
  let folds: Int
  let threads: Int

  init(_ model: TrainedModel, threads: Int) {
    specification = model.selection.chosen
    development = model.cohort.rows(model.split.training)
    whole = model.cohort
    trainingShare = model.configuration.trainingShare ?? 0.7
    seed = model.configuration.seed
    folds = model.configuration.plan.folds
    self.threads = threads
  }

  /// Labels are permuted before anything is fitted. Both sides use one cross-validation of the chosen settings.
  func permutation(
    _ count: Int, progress: @Sendable (Int, Int) -> Void
  ) throws -> (observed: Double, permuted: [Double]) {
    let aucs = try parallelMap(count + 1, threads: threads, progress: progress) { index -> Double in
      var labels = development.labels
      var random = MersenneTwister(seed: seed &+ UInt32(index))
      if index > 0 { labels = development.permutedLabels(&random) }
      var specification = specification
      specification.seed = seed &+ UInt32(index)
      let probabilities = try OutOfFold.pooled(
        specification, development.features, labels: labels, groups: development.groups,
        rows: Array(labels.indices), folds: folds)
      return auc(labels, probabilities)
    }
    return (aucs[0], Array(aucs.dropFirst()))
  }

  func splitSeeds(_ count: Int, progress: @Sendable (Int, Int) -> Void) throws -> [Double] {
    try parallelMap(count, threads: threads, progress: progress) { index in
      let split = try Splits.holdOut(
        labels: whole.labels, groups: whole.groups, trainingShare: trainingShare, seed: seed &+ 1 &+ UInt32(index))
      let fitted = try Pipeline.fit(
        specification, whole.features, labels: whole.labels, groups: whole.groups, rows: split.training)
      return auc(split.test.map { whole.labels[$0] }, fitted.probabilities(whole.features.rows(split.test)))
    }
  }

  /// Each repeat holds a fifth of the patients out and fits to growing parts of the others.
  func learningCurve(
    sizes: Int, repeats: Int, progress: @Sendable (Int, Int) -> Void
  ) throws -> [ModelStudy.LearningStep] {
    let needed = max(8, (specification.componentsWanted ?? 0) + 3)
    let shares = (1...sizes).map { Double($0) / Double(sizes) }
    let runs = try parallelMap(repeats, threads: threads, progress: progress) { index in
      let split = try Splits.holdOut(
        labels: development.labels, groups: development.groups, trainingShare: 0.8, seed: seed &+ UInt32(index))
      let pool = development.rows(split.training)
      return try shares.map { share -> (cases: Int, training: Double, validation: Double)? in
        var rows = Array(0..<pool.count)
        if share < 1 {
          guard Double(pool.count) * share >= Double(needed) else { return nil }
          guard
            let part = try? Splits.holdOut(
              labels: pool.labels, groups: pool.groups, trainingShare: share, seed: seed &+ UInt32(index))
          else { return nil }
          rows = part.training
        }
        let fitted = try Pipeline.fit(
          specification, pool.features, labels: pool.labels, groups: pool.groups, rows: rows)
        return (
          rows.count, auc(rows.map { pool.labels[$0] }, fitted.probabilities(pool.features.rows(rows))),
          auc(
            split.test.map { development.labels[$0] }, fitted.probabilities(development.features.rows(split.test)))
        )
      }
    }
    return shares.indices.compactMap { step in
      let points = runs.compactMap { $0[step] }
      guard points.count == repeats else { return nil }
      return ModelStudy.LearningStep(
        cases: points.map(\.cases).reduce(0, +) / repeats, training: points.map(\.training),
        validation: points.map(\.validation))
    }
  }

  /// Patients are drawn with replacement, each class on its own.
  func optimism(
    _ count: Int, progress: @Sendable (Int, Int) -> Void
  ) throws -> (resampled: [Double], original: [Double]) {
    var plain = specification
    // Folds of a calibration would hold copies of a case on both sides; it does not change an AUC.
    plain.calibration = nil
    let fixed = plain
    let classes = [false, true].map { value in development.labels.indices.filter { development.labels[$0] == value } }
    let runs = try parallelMap(count, threads: threads, progress: progress) { index -> (Double, Double)? in
      var random = MersenneTwister(seed: seed &+ UInt32(index))
      let rows = classes.flatMap { members in
        members.map { _ in members[Int(random.integer(upTo: UInt32(members.count - 1)))] }
      }
      // A resample has fewer different cases, which may be too few for the components.
      guard let fitted = try? Pipeline.fit(fixed, development.features, labels: development.labels, rows: rows) else {
        return nil
      }
      return (
        auc(rows.map { development.labels[$0] }, fitted.probabilities(development.features.rows(rows))),
        auc(development.labels, fitted.probabilities(development.features))
      )
    }.compactMap { $0 }
    return (runs.map(\.0), runs.map(\.1))
  }

  private func auc(_ labels: [Bool], _ probabilities: [Double]) -> Double {
    (try? BinaryScores(labels: labels, scores: probabilities).auc) ?? .nan
  }
}

extension LabelledCohort {
  /// The labels dealt out anew; cases of one patient that share a label still share one.
  fileprivate func permutedLabels(_ random: inout MersenneTwister) -> [Bool] {
    guard Set(groups).count < groups.count else { return random.permutation(count).map { labels[$0] } }
    var first: [String: Bool] = [:]
    var order: [String] = []
    for (group, label) in zip(groups, labels) where first[group] == nil {
      first[group] = label
      order.append(group)
    }
    let dealt = random.permutation(order.count).map { first[order[$0]]! }
    let new = Dictionary(uniqueKeysWithValues: zip(order, dealt))
    return groups.map { new[$0]! }
  }
}

extension PipelineSpecification {
  fileprivate var componentsWanted: Int? {
    guard case .count(let count) = components else { return nil }
    return count
  }
}
