internal import Errors

/// scikit-learn's `RandomForestClassifier` for two classes: the mean over the trees of the probability in the case's
/// leaf. Step `random_forest`.
///
/// All trees are in one set of arrays, tree after tree, one element per node; a child always has a larger index than
/// its parent, so a walk ends. Tensors of a forest of t trees and n nodes:
///
/// | tensor | type, shape | holds |
/// |---|---|---|
/// | `rf.root` | I64 (t) | index of each tree's root; rising, the first 0 |
/// | `rf.feature` | I64 (n) | index of the input that the node tests; -1 in a leaf |
/// | `rf.threshold` | F64 (n) | left where Float(x) <= threshold; 0 in a leaf |
/// | `rf.left`, `rf.right` | I64 (n) | index of the child; -1 in a leaf |
/// | `rf.value` | F64 (n) | probability of the positive class in a leaf, within 0...1; 0 in an inner node |
package struct TreeEnsemble: Sendable, Equatable {
  package let roots: [Int32]
  /// -1 in a leaf.
  package let feature: [Int32]
  package let threshold: [Double]
  package let left: [Int32]
  package let right: [Int32]
  package let value: [Double]
  /// Number of inputs of a case.
  let inputs: Int

  static let treeLimit = 100_000
  package static let nodeLimit = 16_000_000

  package var treeCount: Int { roots.count }

  /// - Throws: `modelWeights`, `modelShape` or `modelNumbers` where the arrays are not a forest over these inputs.
  init(from weights: inout WeightStore, inputs: Int, step: BundleManifest.Step, file: String) throws {
    guard let trees = step.trees, (1...Self.treeLimit).contains(trees) else {
      throw StudyError(
        .modelSchema,
        "step random_forest has trees = \(step.trees.map(String.init) ?? "nothing"); 1 to \(Self.treeLimit) is due",
        file: BundleManifest.fileName)
    }
    guard step.inputCast == nil || step.inputCast == "float32" else {
      throw StudyError(
        .modelUnsupported, "step random_forest has input_cast = \(step.inputCast ?? ""); this version computes float32",
        file: BundleManifest.fileName)
    }
    let roots = try weights.integers("rf.root", [trees])
    let feature = try weights.integers("rf.feature", [nil])
    let n = feature.count
    guard n <= Self.nodeLimit else {
      throw StudyError(
        .modelWeights, "the forest has \(n) nodes; \(Self.nodeLimit) are allowed", file: file, hint: restoreHint)
    }
    let left = try weights.integers("rf.left", [n])
    let right = try weights.integers("rf.right", [n])
    let threshold = try weights.doubles("rf.threshold", [n]).values
    let value = try weights.doubles("rf.value", [n]).values
    try Self.check(
      roots: roots, feature: feature, left: left, right: right, value: value, inputs: inputs, file: file)
    self.roots = roots.map(Int32.init)
    self.feature = feature.map(Int32.init)
    self.left = left.map(Int32.init)
    self.right = right.map(Int32.init)
    self.threshold = threshold
    self.value = value
    self.inputs = inputs
  }

  /// Probability of the positive class. Inputs are rounded to single precision first, as scikit-learn does with its
  /// input matrix; the threshold stays double.
  func probability(_ x: [Double]) -> Double {
    let rounded = x.map { Double(Float($0)) }
    var sum = 0.0
    for root in roots {
      var node = Int(root)
      while feature[node] >= 0 {
        node = Int(rounded[Int(feature[node])] <= threshold[node] ? left[node] : right[node])
      }
      sum += value[node]
    }
    return sum / Double(roots.count)
  }

  /// Conditions for a safe walk: indices in range, every node of a tree reached only from its parent, children after
  /// parents.
  private static func check(
    roots: [Int64], feature: [Int64], left: [Int64], right: [Int64], value: [Double], inputs: Int, file: String
  ) throws {
    func fault(_ message: String) -> StudyError {
      StudyError(.modelWeights, "the forest is not sound: \(message)", file: file, hint: restoreHint)
    }
    let n = Int64(feature.count)
    guard roots.first == 0, zip(roots, roots.dropFirst()).allSatisfy({ $0 < $1 }), roots.last! < n else {
      throw fault("rf.root must begin with 0 and rise, below \(n) nodes")
    }
    var hasParent = [Bool](repeating: false, count: feature.count)
    for (tree, root) in roots.enumerated() {
      let end = tree + 1 < roots.count ? roots[tree + 1] : n
      for node in Int(root)..<Int(end) {
        if feature[node] == -1 {
          guard left[node] == -1, right[node] == -1 else { throw fault("leaf \(node) has children") }
          guard (0...1).contains(value[node]) else {
            throw StudyError(
              .modelNumbers, "the probability of leaf \(node) of the forest is \(value[node])", file: file,
              hint: restoreHint)
          }
          continue
        }
        guard (0..<Int64(inputs)).contains(feature[node]) else {
          throw fault("node \(node) asks for input \(feature[node]) of \(inputs)")
        }
        for child in [left[node], right[node]] {
          guard child > Int64(node), child < end, !hasParent[Int(child)] else {
            throw fault("node \(node) has the child \(child), which is not a later node of its tree alone")
          }
          hasParent[Int(child)] = true
        }
      }
      if let lost = (Int(root) + 1..<max(Int(end), Int(root) + 1)).first(where: { !hasParent[$0] }) {
        throw fault("node \(lost) has no parent")
      }
    }
  }
}
