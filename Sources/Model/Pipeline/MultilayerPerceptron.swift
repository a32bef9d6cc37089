internal import Errors

/// scikit-learn's `MLPClassifier` for two classes; logistic regression is the case without a hidden layer.
package struct MultilayerPerceptron: Sendable, Equatable {
  package struct Layer: Sendable, Equatable {
    /// `inputs` x `outputs`, outputs fastest.
    package let weight: [Double]
    package let bias: [Double]
    package let inputs: Int
    package var outputs: Int { bias.count }
  }

  /// The last has one output, the probability's logit.
  package let layers: [Layer]
  package let activation: Activation

  /// Largest number of weight matrices.
  package static let layerLimit = 64

  /// Step `mlp`: tensors `mlp.0.weight` (inputs x outputs), `mlp.0.bias`, and so on.
  init(from weights: inout WeightStore, inputs: Int, step: BundleManifest.Step) throws {
    guard let count = step.layers, (1...Self.layerLimit).contains(count) else {
      throw StudyError(
        .modelSchema,
        "step mlp has layers = \(step.layers.map(String.init) ?? "nothing"); 1 to \(Self.layerLimit) is due",
        file: BundleManifest.fileName)
    }
    guard let name = step.activation, let activation = Activation(rawValue: name) else {
      throw Self.unsupported("activation", step.activation, known: Activation.allCases.map(\.rawValue))
    }
    guard step.outActivation == "logistic" else {
      throw Self.unsupported("out_activation", step.outActivation, known: ["logistic"])
    }
    self.activation = activation
    var layers: [Layer] = []
    var width = inputs
    for index in 0..<count {
      let last = index == count - 1
      let weight = try weights.doubles("mlp.\(index).weight", [width, last ? 1 : nil])
      let bias = try weights.doubles("mlp.\(index).bias", [weight.shape[1]]).values
      layers.append(Layer(weight: weight.values, bias: bias, inputs: width))
      width = weight.shape[1]
    }
    self.layers = layers
  }

  /// Step `logistic_regression`: tensors `lr.coef` (1 x inputs) and `lr.intercept` (1).
  init(logisticRegression weights: inout WeightStore, inputs: Int) throws {
    let coefficients = try weights.doubles("lr.coef", [1, inputs]).values
    let intercept = try weights.doubles("lr.intercept", [1]).values
    layers = [Layer(weight: coefficients, bias: intercept, inputs: inputs)]
    activation = .identity
  }

  /// Probability of the positive class.
  func probability(_ x: [Double]) -> Double {
    var values = x
    for (index, layer) in layers.enumerated() {
      values = layer.apply(values)
      if index < layers.count - 1 {
        for i in values.indices { values[i] = activation(values[i]) }
      }
    }
    return logisticSigmoid(values[0])
  }

  private static func unsupported(_ key: String, _ value: String?, known: [String]) -> StudyError {
    StudyError(
      .modelUnsupported,
      "step mlp has \(key) = \(value ?? "nothing"); this version computes \(known.joined(separator: ", "))",
      file: BundleManifest.fileName)
  }
}

extension MultilayerPerceptron.Layer {
  func apply(_ x: [Double]) -> [Double] {
    var out = [Double](repeating: 0, count: outputs)
    let width = outputs
    weight.withUnsafeBufferPointer { weight in
      out.withUnsafeMutableBufferPointer { out in
        for (i, value) in x.enumerated() {
          let row = i * width
          for j in 0..<width { out[j] += value * weight[row &+ j] }
        }
      }
    }
    for j in out.indices { out[j] += bias[j] }
    return out
  }
}
