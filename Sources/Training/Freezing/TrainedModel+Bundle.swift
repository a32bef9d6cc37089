internal import Documents
internal import Errors
internal import Hashing
package import Model

extension TrainedModel {
  /// The facts of a bundle that only the caller knows.
  package struct Release: Sendable {
    /// ISO 8601, UTC. No clock is read: the same run gives the same bytes.
    package var created: String
    /// Bytes and name of the PyRadiomics parameter file with which the features were extracted.
    package var profile: [UInt8]
    package var profileName: String
    /// `evaluation.json`, if there is one.
    package var evaluation: [UInt8]?
    /// Lines for the model card: the findings of the evaluation.
    package var findings: [String] = []

    package init(created: String, profile: [UInt8], profileName: String) {
      self.created = created
      self.profile = profile
      self.profileName = profileName
    }
  }

  /// The frozen model: files that `ModelBundle` reads. The same model and release give the same bytes.
  package func bundle(_ release: Release) -> BundleContents {
    var manifest = BundleManifest(
      name: configuration.name, version: configuration.version, created: release.created,
      demonstration: configuration.demonstration, classes: configuration.classes,
      labelDefinition: configuration.labelDefinition, features: pipeline.features, profileName: release.profileName,
      steps: pipeline.parts.steps,
      decision: BundleManifest.Decision(
        threshold: threshold, rule: thresholdRule, indeterminate: configuration.indeterminate),
      intendedUse: configuration.intendedUse, notFor: configuration.notFor, training: trainingRecord)
    if pipeline.specification.imputation != nil { manifest.missingValues = "impute" }
    var others: [String: [UInt8]] = [:]
    others["evaluation.json"] = release.evaluation
    return BundleContents(
      manifest: manifest, tensors: pipeline.parts.tensors, profile: release.profile,
      selfTest: SelfTest(rows: selfTestRows), cohort: cohortStatistics, card: card(release), others: others)
  }

  var trainingRows: FeatureMatrix { cohort.features.rows(split.training) }
  var trainingLabels: [Bool] { split.training.map { cohort.labels[$0] } }

  /// Published data do not count groups with fewer cases than this.
  static let fewest = 5

  private var trainingRecord: [String: BundleValue] {
    let labels = trainingLabels
    let positive = labels.count { $0 }
    var record: [String: BundleValue] = [
      "n": .integer(labels.count), "n_held_out": .integer(split.test.count), "data_sha256": .string(dataHash),
      "rows_id_hash": .string(rowsHash),
      "split": .string(splitDescription), "seed": .integer(Int(configuration.seed)),
      "hyperparameters": .object(pipeline.specification.record), "selection": .string(selectionDescription),
      "software": .object([Software.name: .string(Software.version)]),
    ]
    if min(positive, labels.count - positive) >= Self.fewest { record["n_positive"] = .integer(positive) }
    if let site = configuration.site { record["site"] = .string(site) }
    if let period = configuration.period { record["period"] = .string(period) }
    return record
  }

  var splitDescription: String {
    guard configuration.trainingShare != nil else { return "every case trains; nothing is held out" }
    return "one stratified split by patient, \(split.training.count)/\(split.test.count), seed \(configuration.seed)"
  }

  var selectionDescription: String {
    guard candidates.count > 1 else { return "one candidate, no choice" }
    let plan = configuration.plan
    return "least log loss of \(candidates.count) candidates in \(plan.innerFolds)-fold cross-validation"
      + (plan.innerRepeats > 1 ? ", \(plan.innerRepeats) repeats," : "") + " within the training cases"
  }

  /// SHA-256 of the training rows (float64, little-endian) followed by their labels (int64).
  private var dataHash: String { dataHash(after: "") }

  /// SHA-256 of the names of the training cases, one per line in their order, after a salt that only the training table
  /// itself gives: its owner can show which cases trained the model, and others cannot test names.
  private var rowsHash: String {
    let salt = dataHash(after: "radiomicsd training rows\n")
    return Hashing.sha256(([salt] + split.training.map { cohort.ids[$0] }).joined(separator: "\n") + "\n")
  }

  private func dataHash(after prefix: String) -> String {
    var digest = Digest(.sha256)
    Array(prefix.utf8).withUnsafeBytes { digest.update($0) }
    func add(_ bits: UInt64, to digest: inout Digest) {
      withUnsafeBytes(of: bits.littleEndian) { digest.update($0) }
    }
    for value in trainingRows.values { add(value.bitPattern, to: &digest) }
    for label in trainingLabels { add(label ? 1 : 0, to: &digest) }
    return digest.finish()
  }

  /// Synthetic cases: mean ± up to 1.5 standard deviations, the sign alternating by feature. No patient's data.
  private var selfTestRows: [SelfTest.Row] {
    let statistics = featureStatistics
    let count = 7
    return (0..<count).map { k in
      let step = -1.5 + 3 * Double(k) / Double(count - 1)
      let row = statistics.mean.indices.map { j in
        statistics.mean[j] + statistics.sd[j] * step * (j % 2 == 0 ? 1 : -1)
      }
      return SelfTest.Row(
        features: row, probability: pipeline.frozen.probability(row), scores: pipeline.frozen.scores(row))
    }
  }
}

extension PipelineSpecification {
  /// The settings by scikit-learn's names, for `bundle.json` and reports.
  package var record: [String: BundleValue] {
    var out: [String: BundleValue] = ["seed": .integer(Int(seed)), "standardise": .bool(standardise)]
    switch components {
    case .count(let count): out["components"] = .integer(count)
    case .share(let share): out["components"] = .number(share)
    case nil: out["components"] = .null
    }
    if let imputation { out["impute"] = .string(imputation.rawValue) }
    if let calibration { out["calibrate"] = .string(calibration.rawValue) }
    switch classifier {
    case .mlp(let settings):
      out["model"] = "mlp"
      out["hidden"] = .array(settings.hidden.map(BundleValue.integer))
      out["activation"] = .string(settings.activation.rawValue)
      out["alpha"] = .number(settings.alpha)
      out["learning_rate"] = .number(settings.learningRate)
      out["max_iter"] = .integer(settings.maxIterations)
      out["batch_size"] = settings.batchSize.map(BundleValue.integer) ?? "min(200, n)"
      out["tol"] = .number(settings.tolerance)
      out["n_iter_no_change"] = .integer(settings.patience)
      out["early_stopping"] = .bool(settings.earlyStopping)
      if settings.earlyStopping { out["validation_fraction"] = .number(settings.validationFraction) }
    case .logisticRegression(let settings):
      out["model"] = "lr"
      out["c"] = .number(settings.c)
    case .randomForest(let settings):
      out["model"] = "rf"
      out["trees"] = .integer(settings.trees)
      out["max_depth"] = settings.maxDepth.map(BundleValue.integer) ?? .null
      out["min_samples_leaf"] = .integer(settings.minSamplesLeaf)
      out["bootstrap"] = .bool(settings.bootstrap)
      switch settings.featureSubset {
      case .squareRoot: out["features"] = "sqrt"
      case .all: out["features"] = "all"
      case .count(let count): out["features"] = .integer(count)
      }
    }
    return out
  }
}

extension BundleValue: ExpressibleByStringLiteral {
  package init(stringLiteral value: String) { self = .string(value) }
}
