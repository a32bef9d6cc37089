internal import Errors
internal import Model

/// The only entry point for fitting. Every step sees only the given rows, so nothing can be learned
/// outside a training fold.
package enum PipelineFitter {
  /// Fits all steps on some rows of a matrix.
  ///
  /// - Parameters:
  ///   - labels: one per row of the matrix; true for the positive class.
  ///   - groups: the patient of each row, for the folds of the calibration; nil: every row is a different patient.
  ///   - rows: indices of the training rows; the others are not read.
  /// - Throws: `E_TRAIN_MISSING` where a value is missing and imputation is off, `E_TRAIN_CLASSES` where the rows
  ///   contain only one class, `E_TRAIN_COMPONENTS` where the rows have fewer principal components than requested.
  package static func fit(
    _ specification: PipelineSpecification, _ matrix: FeatureMatrix, labels: [Bool], groups: [String]? = nil,
    rows: [Int]
  ) throws -> FittedPipeline {
    try requireClasses(labels, rows)
    let preprocessing = try Preprocessing(Preprocessing.Key(specification), matrix, rows: rows)
    return try fit(specification, preprocessing, matrix, labels: labels, groups: groups, rows: rows)
  }

  /// As above, after steps that were fitted on the same rows.
  static func fit(
    _ specification: PipelineSpecification, _ preprocessing: Preprocessing, _ matrix: FeatureMatrix, labels: [Bool],
    groups: [String]?, rows: [Int]
  ) throws -> FittedPipeline {
    let count = try preprocessing.componentCount(specification.components)
    var parts = PipelineParts(preprocessing, components: specification.components == nil ? nil : count)
    let inputs: [Double]
    if specification.components != nil, let pca = preprocessing.pca {
      inputs = pca.transform(preprocessing.training, rows: rows.count, count: count)
    } else {
      inputs = preprocessing.training
    }
    let width = specification.components == nil ? matrix.columnCount : count
    let targets = rows.map { labels[$0] }
    switch specification.classifier {
    case .mlp(let settings):
      parts.append(
        try PerceptronFit(inputs, labels: targets, columns: width, settings: settings, seed: specification.seed),
        settings)
    case .logisticRegression(let settings):
      parts.append(
        try LogisticRegressionFit(inputs, targets: targets.map { $0 ? 1 : 0 }, columns: width, c: settings.c))
    case .randomForest(let settings):
      parts.append(
        RandomForestFit(inputs, labels: targets, columns: width, settings: settings, seed: specification.seed))
    }
    if specification.calibration == .platt {
      parts.append(
        try PlattFit(specification, matrix, labels: labels, groups: groups ?? matrix.rowNames, rows: rows))
    }
    return try FittedPipeline(
      specification: specification, parts: parts, features: matrix.names,
      explainedVarianceRatio: preprocessing.pca?.explainedVarianceRatio ?? [], componentCount: count)
  }

  private static func requireClasses(_ labels: [Bool], _ rows: [Int]) throws {
    let positive = rows.count { labels[$0] }
    guard positive > 0, positive < rows.count else {
      throw StudyError(
        .trainClasses,
        rows.isEmpty
          ? "there is no training case"
          : "all \(rows.count) training cases are of the \(positive > 0 ? "positive" : "negative") class",
        hint: "a model needs cases of both classes")
    }
  }
}

extension FeatureMatrix {
  /// A name for each row where none was given: each row is a patient of its own.
  var rowNames: [String] { (0..<rowCount).map(String.init) }
}
