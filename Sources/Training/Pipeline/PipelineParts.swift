internal import Model

/// Steps and tensors of a pipeline as in a bundle (`docs/model.md`).
struct PipelineParts: Sendable {
  private(set) var steps: [BundleManifest.Step] = []
  private(set) var tensors: [Tensor] = []
  /// Loss of each epoch of a perceptron.
  private(set) var lossCurve: [Double] = []

  /// - Parameter components: the number kept; nil without that step.
  init(_ preprocessing: Preprocessing, components: Int?) {
    let p = preprocessing.columns
    if let imputed = preprocessing.imputed {
      steps.append(BundleManifest.Step(op: "impute"))
      tensors.append(Tensor("impute.value", [p], imputed))
    }
    if let scaler = preprocessing.scaler {
      steps.append(BundleManifest.Step(op: "standard_scaler"))
      tensors += [Tensor("scaler.mean", [p], scaler.mean), Tensor("scaler.scale", [p], scaler.scale)]
    }
    if let pca = preprocessing.pca, let k = components {
      steps.append(BundleManifest.Step(op: "pca", whiten: false, components: k))
      tensors += [
        Tensor("pca.mean", [p], pca.mean), Tensor("pca.components", [k, p], Array(pca.components[0..<(k * p)])),
        Tensor("pca.explained_variance", [k], Array(pca.explainedVariance[0..<k])),
      ]
    }
  }

  mutating func append(_ fit: PerceptronFit, _ settings: MLPSettings) {
    let layers = fit.layers
    lossCurve = fit.lossCurve
    steps.append(
      BundleManifest.Step(
        op: "mlp", layers: layers.layerCount, activation: settings.activation.rawValue, outActivation: "logistic"))
    for layer in 0..<layers.layerCount {
      tensors += [
        Tensor("mlp.\(layer).weight", [layers.units[layer], layers.units[layer + 1]], layers.weights(layer)),
        Tensor("mlp.\(layer).bias", [layers.units[layer + 1]], layers.biases(layer)),
      ]
    }
  }

  mutating func append(_ fit: LogisticRegressionFit) {
    steps.append(BundleManifest.Step(op: "logistic_regression"))
    tensors += [
      Tensor("lr.coef", [1, fit.coefficients.count], fit.coefficients), Tensor("lr.intercept", [1], [fit.intercept]),
    ]
  }

  mutating func append(_ fit: RandomForestFit) {
    steps.append(BundleManifest.Step(op: "random_forest", trees: fit.roots.count, inputCast: "float32"))
    let n = fit.feature.count
    tensors += [
      .whole("rf.root", [fit.roots.count], fit.roots), .whole("rf.feature", [n], fit.feature),
      Tensor("rf.threshold", [n], fit.threshold), .whole("rf.left", [n], fit.left), .whole("rf.right", [n], fit.right),
      Tensor("rf.value", [n], fit.value),
    ]
  }

  mutating func append(_ fit: PlattFit) {
    steps.append(BundleManifest.Step(op: "calibrate", method: "platt", a: fit.a, b: fit.b))
  }
}
