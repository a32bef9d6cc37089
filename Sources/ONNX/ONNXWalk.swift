internal import Errors
internal import Model

/// Walks a graph backwards, value by value.
struct ONNXWalk {
  let graph: ONNXGraph
  private(set) var usedFloat32 = false
  /// No recognised chain is longer: a cycle of nodes ends here.
  private var steps = 0

  init(graph: ONNXGraph) { self.graph = graph }

  /// The classifier at the end, and its input value.
  struct Head {
    var step: BundleManifest.Step
    var tensors: [Tensor]
    var input: String
    /// Number of its inputs.
    var inputCount: Int
  }

  struct Projection {
    var rows: Int
    var columns: Int
    var values: [Double]
    var mean: [Double]
    /// Of the scores, where they are divided by them.
    var deviations: [Double]?
  }

  /// The value that contains both classes' probabilities; every operation on which it depends is known.
  ///
  /// - Throws: `onnx` naming the first unknown operation.
  func probabilities() throws -> String {
    let output = try outputName()
    var seen: Set<Int> = []
    var open = [output]
    while let value = open.popLast() {
      guard let index = graph.producers[value], seen.insert(index).inserted else { continue }
      let node = graph.nodes[index]
      try Self.check(node)
      open += node.inputs
    }
    return output
  }

  private static func check(_ node: ONNXGraph.Node) throws {
    let domain = node.domain
    guard domain.isEmpty || domain == "ai.onnx" || domain == "ai.onnx.ml" else {
      throw refuse("operation \(node.op) is of the domain \(domain)", hint)
    }
    guard known.contains(node.op) else { throw refuse("operation \(node.op) is not computed", hint) }
    if let foreign = node.attributes.values.first(where: \.isForeign) {
      throw refuse("operation \(node.op) holds a graph of its own (\(foreign.name))", hint)
    }
  }

  private func outputName() throws -> String {
    let names = graph.outputs
    if let known = names.first(where: { $0 == "probabilities" || $0 == "output_probability" }) { return known }
    if names.count == 1 { return names[0] }
    throw Self.refuse(
      "the outputs are \(names.joined(separator: ", ")); which of them is the probability cannot be told",
      "name it probabilities, as skl2onnx does")
  }

  /// The node that makes a value, skipping those that change nothing; nil for the graph's input.
  mutating func node(_ value: String) throws -> ONNXGraph.Node? {
    var value = value
    while true {
      steps += 1
      guard steps < 1_000 else { throw Self.refuse("its nodes go in a circle", "export it again") }
      if graph.inputs.contains(value) { return nil }
      guard let index = graph.producers[value] else {
        throw Self.refuse("nothing makes the value \(value)", "export it again")
      }
      let node = graph.nodes[index]
      guard ["Identity", "Cast", "ZipMap"].contains(node.op) else { return node }
      if node.op == "Cast" {
        let type = node.attributes["to"]?.integer
        guard type == 1 || type == 11 else {
          throw Self.refuse("Cast to the type \(type ?? 0); float and double are computed", Self.hint)
        }
      }
      guard let input = node.inputs.first else { throw Self.refuse("\(node.op) has no input", "export it again") }
      value = input
    }
  }

  /// A constant by name, including one that a `Constant` node or the root of a constant makes.
  mutating func constant(_ name: String) throws -> ONNXTensor? {
    var found = graph.constants[name]
    if found == nil, let index = graph.producers[name] {
      let node = graph.nodes[index]
      if node.op == "Constant" { found = node.attributes["value"]?.tensor }
      if node.op == "Sqrt", let input = node.inputs.first, var tensor = graph.constants[input] {
        tensor.values = tensor.values.map { $0.squareRoot() }
        found = tensor
      }
    }
    guard let found else { return nil }
    if let type = found.unreadType {
      throw Self.refuse("constant \(name) is of the type \(type); float, double, int32 and int64 are read", Self.hint)
    }
    guard found.values.allSatisfy(\.isFinite), !found.values.isEmpty else {
      throw Self.refuse("constant \(name) is empty, or holds a number that is not finite", Self.hint)
    }
    if found.isFloat32 { usedFloat32 = true }
    return found
  }

  mutating func usesFloats() { usedFloat32 = true }

  /// The constant at one position of a node's inputs, with the given count of numbers.
  mutating func constant(_ node: ONNXGraph.Node, _ place: Int, count: Int? = nil) throws -> ONNXTensor {
    guard node.inputs.count > place, let tensor = try constant(node.inputs[place]) else {
      throw Self.refuse("\(node.op) has no constant where one is due", Self.hint)
    }
    if let count, tensor.values.count != count {
      throw Self.refuse("\(node.op) has \(tensor.values.count) numbers where \(count) are due", "export it again")
    }
    return tensor
  }

  /// A constant of two axes.
  mutating func matrix(_ node: ONNXGraph.Node, _ place: Int) throws -> ONNXTensor {
    let tensor = try constant(node, place)
    guard tensor.dimensions.count == 2 else {
      throw Self.refuse("\(node.op) has a constant of the shape \(tensor.dimensions)", Self.hint)
    }
    return tensor
  }

  static func refuse(_ message: String, _ hint: String) -> StudyError {
    StudyError(.onnx, "the ONNX file cannot become a bundle: \(message)", hint: hint)
  }

  static let hint = "see docs/model.md for the pipelines that can be imported"

  /// Operations that some step of a bundle is made of.
  static let known: Set<String> = [
    "Scaler", "Imputer", "LinearClassifier", "TreeEnsembleClassifier", "TreeEnsemble", "ArrayFeatureExtractor",
    "ZipMap",
    "Sub", "Add", "Mul", "Div", "MatMul", "Cast", "Identity", "Relu", "Tanh", "Sigmoid", "Softmax", "Abs", "ReduceSum",
    "Concat", "Constant", "Sqrt",
  ]
}
