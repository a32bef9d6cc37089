internal import Errors
package import Model

/// A classifier read from an ONNX file, as the steps of a bundle.
///
/// The graph is not run: it is recognised. From the probability back to the input, every operation must be a part of a
/// step that bundles have, as skl2onnx writes scikit-learn's `StandardScaler`, `PCA`, `MLPClassifier`,
/// `LogisticRegression`, `RandomForestClassifier`, column selection and `SimpleImputer` (which does nothing to the finite
/// numbers that a bundle takes). So an imported model is a bundle like any other, with distances, self-test and hashes;
/// an unrecognised graph is refused with the name of the operation. The label's branch is ignored.
package struct ONNXPipeline: Sendable {
  package internal(set) var steps: [BundleManifest.Step] = []
  package internal(set) var tensors: [Tensor] = []
  /// Columns of the file's input that the steps use, in their order.
  package internal(set) var columns: [Int] = []
  /// Some weight is in single precision in the file.
  package internal(set) var isFloat32 = false
  /// Largest |mean / scale| of the scaler: beyond 1e3 single precision loses significant digits.
  package internal(set) var largestOffset = 0.0
  /// Whether an imputer was dropped.
  package internal(set) var hadImputer = false
  /// `metadata_props` of the file.
  package let metadata: [String: String]

  /// - Parameter features: number of columns of the file's input, which the file itself need not state.
  /// - Throws: `onnx` naming the unsuitable operation.
  package init(_ bytes: [UInt8], features: Int) throws {
    let graph = try ONNXGraph(bytes)
    metadata = graph.metadata
    var walk = ONNXWalk(graph: graph)
    let head = try walk.classifier(of: try walk.probabilities())
    try append(head, walk: &walk, features: features)
    isFloat32 = walk.usedFloat32
  }

  private mutating func append(_ head: ONNXWalk.Head, walk: inout ONNXWalk, features: Int) throws {
    let front = try walk.front(of: head.input, inputs: head.inputCount)
    hadImputer = front.hadImputer
    columns = front.columns ?? Array(0..<features)
    // A forest names the inputs that it uses, not how many there are.
    let open = head.step.op == "random_forest" && head.inputCount <= features ? features : head.inputCount
    let width = front.map?.mean.count ?? front.columns?.count ?? front.matrix?.rows ?? open
    guard columns.allSatisfy({ (0..<features).contains($0) }), width == columns.count,
      Set(columns).count == columns.count
    else {
      throw StudyError(
        .onnx, "the model takes other columns than the \(features) that the schema names",
        hint: "give the names of all columns of the file's input, in their order")
    }
    if let map = front.map {
      steps.append(BundleManifest.Step(op: "standard_scaler"))
      tensors += [Tensor("scaler.mean", [width], map.mean), Tensor("scaler.scale", [width], map.scale)]
      largestOffset = zip(map.mean, map.scale).reduce(0) { max($0, abs($1.0 / $1.1)) }
    }
    if let matrix = front.matrix { try appendComponents(matrix, width: width) }
    steps.append(head.step)
    tensors += head.tensors
  }

  /// A projection: principal components where its columns are orthogonal.
  private mutating func appendComponents(_ matrix: ONNXWalk.Projection, width: Int) throws {
    let k = matrix.columns
    func refuse() -> StudyError {
      StudyError(
        .onnx, "MatMul before the classifier is not a principal component analysis: its columns are not orthogonal",
        hint: "export a pipeline of StandardScaler, PCA and a classifier")
    }
    guard matrix.rows == width, k <= width else { throw refuse() }
    var components = [Double](repeating: 0, count: k * width)
    for row in 0..<width { for c in 0..<k { components[c * width + row] = matrix.values[row * k + c] } }
    for a in 0..<k {
      for b in 0...a {
        var product = 0.0
        for i in 0..<width { product += components[a * width + i] * components[b * width + i] }
        guard abs(product - (a == b ? 1 : 0)) <= 1e-4 else { throw refuse() }
      }
    }
    steps.append(BundleManifest.Step(op: "pca", whiten: matrix.deviations != nil, components: k))
    tensors += [Tensor("pca.mean", [width], matrix.mean), Tensor("pca.components", [k, width], components)]
    if let deviations = matrix.deviations {
      tensors.append(Tensor("pca.explained_variance", [k], deviations.map { $0 * $0 }))
    }
  }
}
