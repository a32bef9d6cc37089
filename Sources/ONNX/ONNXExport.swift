internal import Errors
package import Model

extension ModelBundle {
  /// The pipeline as an ONNX file in double precision: input `X` (N x features), output `probabilities` (N x 2, the
  /// positive class second). Names, id and profile are in its metadata.
  ///
  /// Operators of ai.onnx 13; a random forest also needs `TreeEnsemble` of ai.onnx.ml 5, the first that returns
  /// doubles.
  package func onnx() -> [UInt8] {
    var graph = ONNXDraft()
    graph.append(pipeline)
    var model = ProtobufWriter()
    model.put(1, graph.needsTrees ? 10 : 8)
    model.put(2, "radiomicsd")
    model.put(7, graph.bytes(name: manifest.name, features: manifest.features.count))
    model.put(8) {
      $0.put(1, "")
      $0.put(2, 13)
    }
    if graph.needsTrees {
      model.put(8) {
        $0.put(1, "ai.onnx.ml")
        $0.put(2, 5)
      }
    }
    for (key, text) in [
      ("radiomicsd.bundle", id), ("radiomicsd.features", manifest.features.joined(separator: "\n")),
      ("radiomicsd.notice", "Research use only. Not for diagnosis."), ("radiomicsd.profile", manifest.profile.sha256),
    ] {
      model.put(14) {
        $0.put(1, key)
        $0.put(2, text)
      }
    }
    return model.bytes
  }
}

/// A graph under construction: a chain of nodes, each of which takes the output of the one before.
private struct ONNXDraft {
  private var nodes: [[UInt8]] = []
  private var constants: [[UInt8]] = []
  private var value = "X"
  private(set) var needsTrees = false

  mutating func append(_ pipeline: PipelineArithmetic) {
    if let imputer = pipeline.imputer {
      let replacement = constant("impute_value", [imputer.values.count], imputer.values)
      node("IsNaN", [value], "is_missing")
      node("Where", ["is_missing", replacement, value], "complete")
      value = "complete"
    }
    if let scaler = pipeline.scaler {
      apply("Sub", constant("scaler_mean", [scaler.mean.count], scaler.mean))
      apply("Div", constant("scaler_scale", [scaler.scale.count], scaler.scale))
    }
    if let pca = pipeline.pca {
      apply("Sub", constant("pca_mean", [pca.features], pca.mean))
      var transposed = [Double](repeating: 0, count: pca.components.count)
      for c in 0..<pca.count {
        for i in 0..<pca.features { transposed[i * pca.count + c] = pca.components[c * pca.features + i] }
      }
      apply("MatMul", constant("pca_components", [pca.features, pca.count], transposed))
      if pca.whiten, let variance = pca.explainedVariance {
        let deviations = variance.map { max($0.squareRoot(), Double.ulpOfOne) }
        apply("Div", constant("pca_deviation", [pca.count], deviations))
      }
    }
    switch pipeline.classifier {
    case .perceptron(let network): append(network)
    case .forest(let forest): append(forest)
    }
    if let calibration = pipeline.calibration { append(calibration) }
    let positive = value
    let negative = "negative"
    node("Sub", [constant("one", [], [1]), positive], negative)
    node("Concat", [negative, positive], "probabilities") { Self.put(&$0, "axis", integer: 1) }
  }

  private mutating func append(_ network: MultilayerPerceptron) {
    for (index, layer) in network.layers.enumerated() {
      apply("MatMul", constant("weight_\(index)", [layer.inputs, layer.outputs], layer.weight))
      apply("Add", constant("bias_\(index)", [1, layer.outputs], layer.bias))
      guard index < network.layers.count - 1 else { break }
      switch network.activation {
      case .identity: break
      case .logistic: apply("Sigmoid")
      case .tanh: apply("Tanh")
      case .relu: apply("Relu")
      }
    }
    apply("Sigmoid")
  }

  private mutating func append(_ calibration: Calibration) {
    apply("Max", constant("smallest", [], [Double.ulpOfOne]))
    apply("Min", constant("largest", [], [1 - Double.ulpOfOne]))
    let p = value
    node("Sub", [constant("whole", [], [1]), p], "rest")
    node("Log", ["rest"], "log_rest")
    node("Log", [p], "log_p")
    node("Sub", ["log_p", "log_rest"], "logit")
    value = "logit"
    apply("Mul", constant("calibration_slope", [], [calibration.a]))
    apply("Add", constant("calibration_intercept", [], [calibration.b]))
    apply("Sigmoid")
  }

  /// `TreeEnsemble`: leaves and inner nodes in separate lists. A tree of one leaf gets a question with equal answers.
  private mutating func append(_ forest: TreeEnsemble) {
    needsTrees = true
    node("Cast", [value], "single") { Self.put(&$0, "to", integer: 1) }
    node("Cast", ["single"], "rounded") { Self.put(&$0, "to", integer: 11) }
    var inner: [Int32: Int] = [:]
    var leaf: [Int32: Int] = [:]
    var roots: [Int] = []
    var leaves: [Double] = []
    var questions: [(feature: Int, threshold: Double, yes: Int32, no: Int32)] = []
    for index in forest.feature.indices {
      let node = Int32(index)
      if forest.feature[index] >= 0 {
        inner[node] = questions.count
        questions.append((Int(forest.feature[index]), forest.threshold[index], forest.left[index], forest.right[index]))
      } else {
        leaf[node] = leaves.count
        leaves.append(forest.value[index])
      }
    }
    for root in forest.roots {
      if let place = inner[root] {
        roots.append(place)
      } else {
        roots.append(questions.count)
        questions.append((0, 0, root, root))
      }
    }
    func places(_ side: (Int32, Int32) -> Int32) -> (ids: [Int], leaf: [Int]) {
      let children = questions.map { side($0.yes, $0.no) }
      return (children.map { leaf[$0] ?? inner[$0] ?? 0 }, children.map { leaf[$0] == nil ? 0 : 1 })
    }
    let (yes, no) = (places { yes, _ in yes }, places { _, no in no })
    node("TreeEnsemble", ["rounded"], "share", domain: "ai.onnx.ml") { writer in
      Self.put(&writer, "aggregate_function", integer: 1)
      Self.put(&writer, "leaf_targetids", integers: leaves.map { _ in 0 })
      Self.put(&writer, "leaf_weights", tensor: Self.tensor("", [leaves.count], leaves))
      Self.put(&writer, "n_targets", integer: 1)
      Self.put(&writer, "nodes_falseleafs", integers: no.leaf)
      Self.put(&writer, "nodes_falsenodeids", integers: no.ids)
      Self.put(&writer, "nodes_featureids", integers: questions.map(\.feature))
      Self.put(&writer, "nodes_modes", tensor: Self.bytesTensor([UInt8](repeating: 0, count: questions.count)))
      Self.put(&writer, "nodes_splits", tensor: Self.tensor("", [questions.count], questions.map(\.threshold)))
      Self.put(&writer, "nodes_trueleafs", integers: yes.leaf)
      Self.put(&writer, "nodes_truenodeids", integers: yes.ids)
      Self.put(&writer, "post_transform", integer: 0)
      Self.put(&writer, "tree_roots", integers: roots)
    }
    value = "share"
    apply("Div", constant("trees", [], [Double(forest.treeCount)]))
  }

  // MARK: Messages

  private mutating func apply(_ op: String, _ constant: String? = nil) {
    let output = "value_\(nodes.count)"
    node(op, [value] + (constant.map { [$0] } ?? []), output)
    value = output
  }

  private mutating func node(
    _ op: String, _ inputs: [String], _ output: String, domain: String = "",
    attributes: (inout ProtobufWriter) -> Void = { _ in }
  ) {
    var writer = ProtobufWriter()
    for input in inputs { writer.put(1, input) }
    writer.put(2, output)
    writer.put(3, "\(op)_\(nodes.count)")
    writer.put(4, op)
    attributes(&writer)
    if !domain.isEmpty { writer.put(7, domain) }
    nodes.append(writer.bytes)
  }

  private mutating func constant(_ name: String, _ shape: [Int], _ values: [Double]) -> String {
    constants.append(Self.tensor(name, shape, values))
    return name
  }

  private static func tensor(_ name: String, _ shape: [Int], _ values: [Double]) -> [UInt8] {
    var writer = ProtobufWriter()
    for length in shape { writer.put(1, length) }
    writer.put(2, 11)
    if !name.isEmpty { writer.put(8, name) }
    var raw: [UInt8] = []
    raw.reserveCapacity(8 * values.count)
    for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { raw.append(contentsOf: $0) } }
    writer.put(9, raw)
    return writer.bytes
  }

  private static func bytesTensor(_ values: [UInt8]) -> [UInt8] {
    var writer = ProtobufWriter()
    writer.put(1, values.count)
    writer.put(2, 2)
    writer.put(9, values)
    return writer.bytes
  }

  private static func put(_ writer: inout ProtobufWriter, _ name: String, integer: Int) {
    writer.put(5) {
      $0.put(1, name)
      $0.put(3, integer)
      $0.put(20, 2)
    }
  }

  private static func put(_ writer: inout ProtobufWriter, _ name: String, integers: [Int]) {
    writer.put(5) {
      $0.put(1, name)
      for integer in integers { $0.put(8, integer) }
      $0.put(20, 7)
    }
  }

  private static func put(_ writer: inout ProtobufWriter, _ name: String, tensor: [UInt8]) {
    writer.put(5) {
      $0.put(1, name)
      $0.put(5, tensor)
      $0.put(20, 4)
    }
  }

  /// GraphProto.
  func bytes(name: String, features: Int) -> [UInt8] {
    func table(_ name: String, columns: Int) -> [UInt8] {
      var writer = ProtobufWriter()
      writer.put(1, name)
      writer.put(2) { type in
        type.put(1) { tensor in
          tensor.put(1, 11)
          tensor.put(2) { shape in
            shape.put(1) { $0.put(2, "N") }
            shape.put(1) { $0.put(1, columns) }
          }
        }
      }
      return writer.bytes
    }
    var writer = ProtobufWriter()
    for node in nodes { writer.put(1, node) }
    writer.put(2, name)
    for constant in constants { writer.put(5, constant) }
    writer.put(11, table("X", columns: features))
    writer.put(12, table("probabilities", columns: 2))
    return writer.bytes
  }
}
