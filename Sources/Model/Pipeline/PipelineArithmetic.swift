internal import Errors

/// The frozen computation from features to a probability: impute?, standardise?, project on principal components?,
/// classify, calibrate?.
/// Float64 throughout, equal to scikit-learn's `Pipeline.predict_proba` except for the order of summation.
package struct PipelineArithmetic: Sendable, Equatable {
  let featureCount: Int
  package let imputer: Imputer?
  package let scaler: StandardScaler?
  package let pca: PrincipalComponents?
  package let classifier: Classifier
  package let calibration: Calibration?

  /// The intermediate values of one case.
  struct Trace: Sendable {
    /// After the scaler.
    var standardised: [Double]
    /// Principal component scores before whitening; nil without that step.
    var scores: [Double]?
    var probability: Double
  }

  init(steps: [BundleManifest.Step], featureCount: Int, weights: consuming WeightStore, file: String) throws {
    self.featureCount = featureCount
    var rest = steps[...]
    var weights = weights
    if rest.first?.op == "impute" {
      imputer = try Imputer(from: &weights, features: featureCount)
      rest.removeFirst()
    } else {
      imputer = nil
    }
    if rest.first?.op == "standard_scaler" {
      scaler = try StandardScaler(from: &weights, features: featureCount, file: file)
      rest.removeFirst()
    } else {
      scaler = nil
    }
    if let step = rest.first, step.op == "pca" {
      pca = try PrincipalComponents(from: &weights, features: featureCount, step: step, file: file)
      rest.removeFirst()
    } else {
      pca = nil
    }
    let inputs = pca?.count ?? featureCount
    switch rest.first?.op {
    case "mlp":
      classifier = .perceptron(try MultilayerPerceptron(from: &weights, inputs: inputs, step: rest.removeFirst()))
    case "logistic_regression":
      classifier = .perceptron(try MultilayerPerceptron(logisticRegression: &weights, inputs: inputs))
      rest.removeFirst()
    case "random_forest":
      classifier = .forest(try TreeEnsemble(from: &weights, inputs: inputs, step: rest.removeFirst(), file: file))
    case let op:
      throw Self.unsupported(op)
    }
    calibration = rest.first?.op == "calibrate" ? try Calibration(step: rest.removeFirst()) : nil
    guard rest.isEmpty else { throw Self.unsupported(rest.first?.op) }
    try weights.requireAllUsed()
  }

  /// - Parameter features: `featureCount` finite numbers in the bundle's order; NaN only where missing values are imputed.
  func run(_ features: [Double]) -> Trace {
    precondition(features.count == featureCount, "the model takes \(featureCount) features")
    let complete = imputer?.transform(features) ?? features
    let standardised = scaler?.transform(complete) ?? complete
    guard let pca else {
      return Trace(standardised: standardised, scores: nil, probability: probability(of: standardised))
    }
    let scores = pca.scores(standardised)
    return Trace(
      standardised: standardised, scores: scores, probability: probability(of: pca.transform(scores: scores)))
  }

  private func probability(of inputs: [Double]) -> Double {
    let raw = classifier.probability(inputs)
    return calibration.map { $0(raw) } ?? raw
  }

  private static func unsupported(_ op: String?) -> StudyError {
    StudyError(
      .modelUnsupported,
      "the steps hold \(op ?? "no classifier") where this version computes"
        + " impute, standard_scaler, pca (each optional), then mlp, logistic_regression or random_forest, then calibrate (optional)",
      file: BundleManifest.fileName)
  }
}
