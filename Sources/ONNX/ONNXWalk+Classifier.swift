internal import Errors
internal import Model

extension ONNXWalk {
  /// The classifier whose two probabilities a value contains.
  mutating func classifier(of value: String) throws -> Head {
    guard let node = try node(value) else { throw Self.refuse("the output is the input", Self.hint) }
    switch node.op {
    case "Concat": return try network(node)
    case "Div": return try normalised(node)
    case "Softmax": return try linear(node.inputs.first, antisymmetric: false)
    case "LinearClassifier": return try linearClassifier(node)
    case "TreeEnsembleClassifier": return try forest(node)
    default: throw Self.refuse("operation \(node.op) gives no probability of two classes", Self.hint)
    }
  }

  /// Concat(1 - p, p), p = Sigmoid(…): a multilayer perceptron.
  private mutating func network(_ concat: ONNXGraph.Node) throws -> Head {
    guard concat.inputs.count == 2, let negative = try node(concat.inputs[0]), negative.op == "Sub",
      negative.inputs.count == 2, try constant(negative.inputs[0])?.values == [1],
      try same(negative.inputs[1], concat.inputs[1])
    else { throw Self.refuse("Concat does not join 1 - p and p", Self.hint) }
    guard let output = try node(concat.inputs[1]), output.op == "Sigmoid", let logit = output.inputs.first else {
      throw Self.refuse("the probability before Concat is not made by Sigmoid", Self.hint)
    }
    var layers: [(weight: ONNXTensor, bias: ONNXTensor)] = []
    var activation: String?
    var value = logit
    while layers.count <= MultilayerPerceptron.layerLimit {
      guard let add = try node(value), add.op == "Add" else { break }
      guard let product = try node(add.inputs.first ?? ""), product.op == "MatMul", let input = product.inputs.first
      else { throw Self.refuse("Add is not the bias of a layer", Self.hint) }
      let weight = try matrix(product, 1)
      layers.insert((weight, try constant(add, 1, count: weight.dimensions[1])), at: 0)
      value = input
      guard let before = try node(value) else { break }
      let names = ["Relu": "relu", "Tanh": "tanh", "Sigmoid": "logistic", "Add": "identity"]
      guard let name = names[before.op] else { break }
      guard activation == nil || activation == name else {
        throw Self.refuse("the layers have different activations", Self.hint)
      }
      activation = name
      if before.op != "Add" { value = before.inputs.first ?? "" }
    }
    guard let last = layers.last, last.weight.dimensions[1] == 1, layers.count <= MultilayerPerceptron.layerLimit else {
      throw Self.refuse("Sigmoid is not the end of a multilayer perceptron with one output", Self.hint)
    }
    for (a, b) in zip(layers, layers.dropFirst()) where a.weight.dimensions[1] != b.weight.dimensions[0] {
      throw Self.refuse("the layers' shapes do not chain", "export it again")
    }
    let tensors = layers.enumerated().flatMap { index, layer in
      [
        Tensor("mlp.\(index).weight", layer.weight.dimensions, layer.weight.values),
        Tensor("mlp.\(index).bias", [layer.bias.values.count], layer.bias.values),
      ]
    }
    return Head(
      step: BundleManifest.Step(
        op: "mlp", layers: layers.count, activation: activation ?? "identity", outActivation: "logistic"),
      tensors: tensors, input: value, inputCount: layers[0].weight.dimensions[0])
  }

  /// Whether two names are one value, ignoring nodes that change nothing.
  private mutating func same(_ a: String, _ b: String) throws -> Bool {
    if a == b { return true }
    guard let first = try node(a), let second = try node(b) else { return false }
    return first.outputs == second.outputs
  }

  /// Div(s, ReduceSum(Abs(s))), s = Sigmoid of two opposite scores: logistic regression in double precision.
  private mutating func normalised(_ divide: ONNXGraph.Node) throws -> Head {
    guard divide.inputs.count == 2, let sigmoid = try node(divide.inputs[0]), sigmoid.op == "Sigmoid",
      let sum = try node(divide.inputs[1]), sum.op == "ReduceSum",
      let magnitude = try node(sum.inputs.first ?? ""), magnitude.op == "Abs",
      try same(magnitude.inputs.first ?? "", divide.inputs[0])
    else { throw Self.refuse("Div is not the share of each class", Self.hint) }
    return try linear(sigmoid.inputs.first, antisymmetric: true)
  }

  /// Add(MatMul(x, W), b) with one column per class; only the difference of the columns matters.
  private mutating func linear(_ value: String?, antisymmetric: Bool) throws -> Head {
    guard let add = try node(value ?? ""), add.op == "Add", let product = try node(add.inputs.first ?? ""),
      product.op == "MatMul", let input = product.inputs.first
    else { throw Self.refuse("the scores are not those of a linear model", Self.hint) }
    let weight = try matrix(product, 1)
    guard weight.dimensions[1] == 2 else { throw Self.refuse("the linear model has not two classes", Self.hint) }
    let bias = try constant(add, 1, count: 2).values
    let n = weight.dimensions[0]
    return try linear(
      negative: (0..<n).map { weight.values[2 * $0] }, bias[0], positive: (0..<n).map { weight.values[2 * $0 + 1] },
      bias[1], antisymmetric: antisymmetric, input: input)
  }

  private func linear(
    negative: [Double], _ negativeBias: Double, positive: [Double], _ positiveBias: Double, antisymmetric: Bool,
    input: String
  ) throws -> Head {
    if antisymmetric {
      guard zip(negative, positive).allSatisfy({ $0 == -$1 }), negativeBias == -positiveBias else {
        throw Self.refuse("the scores of the two classes are not opposite (one against the rest)", Self.hint)
      }
    }
    let coefficients = antisymmetric ? positive : zip(positive, negative).map { $0 - $1 }
    let intercept = antisymmetric ? positiveBias : positiveBias - negativeBias
    return Head(
      step: BundleManifest.Step(op: "logistic_regression"),
      tensors: [Tensor("lr.coef", [1, positive.count], coefficients), Tensor("lr.intercept", [1], [intercept])],
      input: input, inputCount: positive.count)
  }

  private mutating func linearClassifier(_ node: ONNXGraph.Node) throws -> Head {
    let transform = node.attributes["post_transform"]?.text.map { String(decoding: $0, as: UTF8.self) } ?? "NONE"
    guard transform == "LOGISTIC" || transform == "SOFTMAX" else {
      throw Self.refuse(
        "LinearClassifier has post_transform \(transform); LOGISTIC and SOFTMAX are computed", Self.hint)
    }
    let coefficients = node.attributes["coefficients"]?.floats ?? []
    let intercepts = node.attributes["intercepts"]?.floats ?? []
    guard coefficients.count >= 2, coefficients.count % 2 == 0, intercepts.count == 2,
      (coefficients + intercepts).allSatisfy(\.isFinite), let input = node.inputs.first
    else { throw Self.refuse("LinearClassifier has not two classes", Self.hint) }
    usesFloats()
    let n = coefficients.count / 2
    return try linear(
      negative: Array(coefficients[..<n]), intercepts[0], positive: Array(coefficients[n...]), intercepts[1],
      antisymmetric: transform == "LOGISTIC", input: input)
  }
}
