internal import Errors
internal import Model

extension ONNXWalk {
  /// TreeEnsembleClassifier of two classes whose leaves contain the probability's share, as skl2onnx writes a random
  /// forest.
  mutating func forest(_ node: ONNXGraph.Node) throws -> Head {
    func integers(_ name: String) -> [Int64] { node.attributes[name]?.integers ?? [] }
    func floats(_ name: String) throws -> [Double] {
      let tensor = node.attributes[name + "_as_tensor"]?.tensor
      return tensor?.values ?? node.attributes[name]?.floats ?? []
    }
    let transform = node.attributes["post_transform"]?.text.map { String(decoding: $0, as: UTF8.self) } ?? "NONE"
    guard transform == "NONE" else {
      throw Self.refuse(
        "TreeEnsembleClassifier has post_transform \(transform): boosted trees are not computed", Self.hint)
    }
    guard try floats("base_values").allSatisfy({ $0 == 0 }) else {
      throw Self.refuse("TreeEnsembleClassifier has base values: boosted trees are not computed", Self.hint)
    }
    let trees = integers("nodes_treeids")
    let ids = integers("nodes_nodeids")
    let n = trees.count
    let modes = node.attributes["nodes_modes"]?.texts.map { String(decoding: $0, as: UTF8.self) } ?? []
    let features = integers("nodes_featureids")
    let yes = integers("nodes_truenodeids")
    let no = integers("nodes_falsenodeids")
    let thresholds = try floats("nodes_values")
    guard n >= 1,
      [ids.count, modes.count, features.count, yes.count, no.count, thresholds.count].allSatisfy({ $0 == n }),
      n <= TreeEnsemble.nodeLimit, thresholds.allSatisfy(\.isFinite), let input = node.inputs.first
    else { throw Self.refuse("TreeEnsembleClassifier's lists of nodes have different lengths", "export it again") }
    if let other = modes.first(where: { $0 != "LEAF" && $0 != "BRANCH_LEQ" }) {
      throw Self.refuse("TreeEnsembleClassifier compares by \(other); BRANCH_LEQ is computed", Self.hint)
    }
    if node.attributes["nodes_values_as_tensor"] == nil { usesFloats() }

    struct Key: Hashable {
      var tree: Int64
      var node: Int64
    }
    var places: [Key: Int] = [:]
    for i in 0..<n {
      guard places.updateValue(i, forKey: Key(tree: trees[i], node: ids[i])) == nil else {
        throw Self.refuse("TreeEnsembleClassifier lists a node twice", "export it again")
      }
    }
    let weights = try leafWeights(node, classes: integers("class_ids"), floats: try floats("class_weights"))
    var value: [Int: Double] = [:]
    for (i, weight) in zip(weights.places, weights.values) {
      guard let place = places[Key(tree: integers("class_treeids")[i], node: integers("class_nodeids")[i])],
        modes[place] == "LEAF"
      else { throw Self.refuse("TreeEnsembleClassifier weighs a node that is not a leaf", "export it again") }
      value[place, default: 0] += weight
    }

    // Nodes in the order of a walk from each root: children come after their parents, whatever the file's order.
    var order: [Int] = []
    var roots: [Int64] = []
    var new = [Int64](repeating: -1, count: n)
    var seenTrees: Set<Int64> = []
    for start in 0..<n where seenTrees.insert(trees[start]).inserted {
      roots.append(Int64(order.count))
      var stack = [start]
      while let place = stack.popLast() {
        guard new[place] < 0, trees[place] == trees[start] else {
          throw Self.refuse("the nodes of a tree go in a circle", "export it again")
        }
        new[place] = Int64(order.count)
        order.append(place)
        if modes[place] == "LEAF" { continue }
        for child in [no[place], yes[place]] {
          guard let next = places[Key(tree: trees[place], node: child)] else {
            throw Self.refuse("a node of a tree has a child that is not there", "export it again")
          }
          stack.append(next)
        }
      }
    }
    guard order.count == n else { throw Self.refuse("some nodes belong to no tree", "export it again") }
    func child(_ place: Int, _ list: [Int64]) -> Int64 {
      modes[place] == "LEAF" ? -1 : places[Key(tree: trees[place], node: list[place])].map { new[$0] } ?? -1
    }
    let count = Double(roots.count)
    let inputs = Int(max(features.max() ?? 0, 0)) + 1
    return Head(
      step: BundleManifest.Step(op: "random_forest", trees: roots.count, inputCast: "float32"),
      tensors: [
        Tensor(name: "rf.root", shape: [roots.count], values: .int64(roots)),
        Tensor(name: "rf.feature", shape: [n], values: .int64(order.map { modes[$0] == "LEAF" ? -1 : features[$0] })),
        Tensor("rf.threshold", [n], order.map { modes[$0] == "LEAF" ? 0 : thresholds[$0] }),
        Tensor(name: "rf.left", shape: [n], values: .int64(order.map { child($0, yes) })),
        Tensor(name: "rf.right", shape: [n], values: .int64(order.map { child($0, no) })),
        // Single precision shares may add up to slightly more than 1 by rounding.
        Tensor("rf.value", [n], order.map { modes[$0] == "LEAF" ? min(max((value[$0] ?? 0) * count, 0), 1) : 0 }),
      ], input: input, inputCount: inputs)
  }

  /// Which entries of the leaves' list are used: with one class named, its weights are the positive class's share, as
  /// onnxruntime takes them where none is negative; with two, those of the second.
  private func leafWeights(
    _ node: ONNXGraph.Node, classes: [Int64], floats: [Double]
  ) throws -> (places: [Int], values: [Double]) {
    let labels = max(
      node.attributes["classlabels_int64s"]?.integers.count ?? 0,
      node.attributes["classlabels_strings"]?.texts.count ?? 0)
    let lists = ["class_treeids", "class_nodeids"].map { node.attributes[$0]?.integers.count ?? 0 }
    guard labels == 2, classes.count == floats.count, lists.allSatisfy({ $0 == classes.count }),
      Set(classes).isSubset(of: [0, 1]), floats.allSatisfy({ $0 >= 0 && $0.isFinite })
    else { throw Self.refuse("TreeEnsembleClassifier has not two classes with shares from 0", Self.hint) }
    let one = Set(classes).count == 1
    let places = classes.indices.filter { one || classes[$0] == 1 }
    return (places, places.map { floats[$0] })
  }
}
