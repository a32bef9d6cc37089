internal import Documents
internal import Errors
internal import FoundationEssentials
internal import Yams

extension TrainingConfiguration {
  /// The keys of `train.yaml`.
  package static let keys = [
    "name", "version", "demonstration", "classes", "label_definition", "intended_use", "not_for", "site", "period",
    "model", "seed", "split", "cv", "inner", "components", "standardise", "impute", "calibrate", "threshold",
    "indeterminate", "clinical", "yates", "allow_label_like", "mlp", "lr", "rf",
  ]

  /// Reads `train.yaml`; keys that it omits keep their defaults.
  ///
  /// - Throws: `E_NOT_FOUND`, `E_TRAIN_CONFIG` naming key and line.
  package init(contentsOf path: String) throws {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw StudyError(.notFound, "the training configuration cannot be read", file: path)
    }
    guard let text = PlainText.decode(data) else {
      throw MappingReader.Source.training(path).error(nil, "not UTF-8 text")
    }
    try self.init(yaml: text, file: path)
  }

  package init(yaml: String, file: String) throws {
    self.init()
    let root: Node?
    do { root = try Yams.compose(yaml: yaml) } catch {
      throw MappingReader.Source.training(file).error(nil, "not valid YAML: \(error)")
    }
    guard let root else { return }
    var reader = try MappingReader(root, .training(file))
    try readDescription(&reader)
    try readProcedure(&reader)
    try space.read(&reader)
    try reader.finish(known: Self.keys)
  }

  private mutating func readDescription(_ reader: inout MappingReader) throws {
    name = try reader.text("name") ?? name
    version = try reader.text("version") ?? version
    demonstration = try reader.truth("demonstration") ?? demonstration
    if let names = try reader.texts("classes") {
      guard names.count == 2, names[0] != names[1] else {
        throw reader.complaint("classes", nil, "must name two classes, the positive one last")
      }
      classes = names
    }
    labelDefinition = try reader.text("label_definition") ?? labelDefinition
    intendedUse = try reader.text("intended_use") ?? intendedUse
    notFor = try reader.texts("not_for") ?? notFor
    site = try reader.text("site")
    period = try reader.text("period")
  }

  private mutating func readProcedure(_ reader: inout MappingReader) throws {
    kind = try reader.choice("model") ?? kind
    seed = try reader.integer("seed", 0...Int(UInt32.max)).map { UInt32($0) } ?? seed
    plan.seed = seed
    if let (line, lists) = reader.scalars("split") {
      let text = lists.count == 1 && lists[0].count == 1 ? lists[0][0] ?? "" : ""
      let share = Double(text)
      guard text == "none" || share.map({ $0 > 0 && $0 < 1 }) == true else {
        throw reader.complaint("split", line, "must be none or a share between 0 and 1")
      }
      trainingShare = text == "none" ? nil : share
    }
    if var cv = try reader.nested("cv") {
      plan.folds = try cv.integer("folds", 2...100) ?? plan.folds
      plan.repeats = try cv.integer("repeats", 1...1000) ?? plan.repeats
      try cv.finish(known: ["folds", "repeats"])
    }
    if var inner = try reader.nested("inner") {
      plan.innerFolds = try inner.integer("folds", 2...100) ?? plan.innerFolds
      plan.innerRepeats = try inner.integer("repeats", 1...100) ?? plan.innerRepeats
      try inner.finish(known: ["folds", "repeats"])
    }
    if let (line, lists) = reader.scalars("threshold") {
      let text = lists.count == 1 && lists[0].count == 1 ? lists[0][0] ?? "" : ""
      let value = Double(text)
      guard text == "youden" || value.map({ $0 > 0 && $0 < 1 }) == true else {
        throw reader.complaint("threshold", line, "must be youden or a number between 0 and 1")
      }
      threshold = text == "youden" ? .youden : .fixed(value ?? 0.5)
    }
    yates = try reader.truth("yates") ?? yates
    allowedLeaks = Set(try reader.texts("allow_label_like") ?? [])
    if let names = try reader.texts("clinical") { clinical = names == ["none"] ? [] : names }
    if let zone = try reader.numbers("indeterminate", 0...1) {
      guard zone.count == 2, zone[0] <= zone[1] else {
        throw reader.complaint("indeterminate", nil, "must be two rising numbers")
      }
      indeterminate = zone
    }
  }
}

extension SearchSpace {
  mutating func read(_ reader: inout MappingReader) throws {
    if let (line, lists) = reader.scalars("components") {
      components = try lists.map { list in
        guard list.count == 1, let text = list[0], let value = Self.components(text) else {
          throw reader.complaint("components", line, "must be whole numbers, shares between 0 and 1, or none")
        }
        return value.components
      }
    }
    standardise = try reader.truth("standardise") ?? standardise
    imputation = try reader.choice("impute")
    calibration = try reader.choice("calibrate")
    if var mlp = try reader.nested("mlp") { try readPerceptron(&mlp) }
    if var lr = try reader.nested("lr") {
      c = try lr.numbers("c", 1e-9...1e9) ?? c
      try lr.finish(known: ["c"])
    }
    if var rf = try reader.nested("rf") { try readForest(&rf) }
  }

  /// `20`, `0.95` or `none`; the outer nil is a text that is none of them.
  package static func components(_ text: String) -> (components: PipelineSpecification.Components?, isValid: Bool)? {
    if text == "none" { return (nil, true) }
    if let count = Int(text) { return (1...10_000).contains(count) ? (.count(count), true) : nil }
    guard let share = Double(text), share > 0, share < 1 else { return nil }
    return (.share(share), true)
  }

  private mutating func readPerceptron(_ reader: inout MappingReader) throws {
    if let (line, lists) = reader.scalars("hidden") {
      // [16, 8] is one network of two layers, [[16], [16, 8]] are two networks.
      let networks = lists.allSatisfy { $0.count == 1 } && !lists.isEmpty ? [lists.map { $0[0] }] : lists
      hidden = try networks.map { network in
        try network.map { text in
          guard let units = text.flatMap({ Int($0) }), (1...4096).contains(units) else {
            throw reader.complaint("hidden", line, "must be numbers of units from 1 to 4096, or lists of them")
          }
          return units
        }
      }
    }
    mlp.activation = try reader.choice("activation") ?? mlp.activation
    alpha = try reader.numbers("alpha", 0...1e9) ?? alpha
    epochs = try reader.integers("max_iter", 1...100_000) ?? epochs
    mlp.learningRate = try reader.number("learning_rate", 1e-9...10) ?? mlp.learningRate
    mlp.batchSize = try reader.integer("batch_size", 1...1_000_000)
    mlp.tolerance = try reader.number("tol", 0...1) ?? mlp.tolerance
    mlp.patience = try reader.integer("n_iter_no_change", 1...100_000) ?? mlp.patience
    mlp.earlyStopping = try reader.truth("early_stopping") ?? mlp.earlyStopping
    mlp.validationFraction = try reader.number("validation_fraction", 0.01...0.9) ?? mlp.validationFraction
    try reader.finish(known: [
      "hidden", "activation", "alpha", "max_iter", "learning_rate", "batch_size", "tol", "n_iter_no_change",
      "early_stopping", "validation_fraction",
    ])
  }

  private mutating func readForest(_ reader: inout MappingReader) throws {
    forest.trees = try reader.integer("trees", 1...10_000) ?? forest.trees
    forest.maxDepth = try reader.integer("max_depth", 1...1000)
    leaves = try reader.integers("min_samples_leaf", 1...100_000) ?? leaves
    forest.bootstrap = try reader.truth("bootstrap") ?? forest.bootstrap
    if let (line, lists) = reader.scalars("features") {
      switch lists.count == 1 && lists[0].count == 1 ? lists[0][0] : nil {
      case "sqrt": forest.featureSubset = .squareRoot
      case "all": forest.featureSubset = .all
      case let text?:
        guard let count = Int(text), count >= 1 else { fallthrough }
        forest.featureSubset = .count(count)
      default: throw reader.complaint("features", line, "must be sqrt, all or a number")
      }
    }
    try reader.finish(known: ["trees", "max_depth", "min_samples_leaf", "bootstrap", "features"])
  }
}
