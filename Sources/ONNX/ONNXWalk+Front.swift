internal import Errors
internal import Model

extension ONNXWalk {
  /// The part before the classifier.
  struct Front {
    /// Columns of the file's input that are used; nil: all.
    var columns: [Int]?
    /// (x - mean) / scale of the used columns.
    var map: (mean: [Double], scale: [Double])?
    var matrix: Projection?
    var hadImputer = false
  }

  /// Walks from the classifier's input to the graph's.
  mutating func front(of value: String, inputs: Int) throws -> Front {
    var front = Front()
    var value = value
    var deviations: [Double]?
    // A division after the projection is whitening; then the projection itself.
    if let divide = try node(value), divide.op == "Div", let product = try node(divide.inputs.first ?? ""),
      product.op == "MatMul"
    {
      deviations = try constant(divide, 1).values
      value = divide.inputs[0]
    }
    if let product = try node(value), product.op == "MatMul" {
      let matrix = try matrix(product, 1)
      guard deviations == nil || deviations?.count == matrix.dimensions[1], inputs <= matrix.dimensions[1] else {
        throw Self.refuse("the shapes of the projection and the classifier do not chain", "export it again")
      }
      value = product.inputs[0]
      var mean = [Double](repeating: 0, count: matrix.dimensions[0])
      // The subtraction right before the projection is PCA's mean, unless it belongs to the scaler alone.
      if let subtract = try node(value), subtract.op == "Sub" {
        mean = try constant(subtract, 1, count: mean.count).values
        value = subtract.inputs[0]
      }
      front.matrix = Projection(
        rows: matrix.dimensions[0], columns: matrix.dimensions[1], values: matrix.values, mean: mean,
        deviations: deviations)
    }
    try columns(of: value, into: &front)
    return front
  }

  /// Operations column by column, from the last to the first.
  private mutating func columns(of start: String, into front: inout Front) throws {
    var value = start
    while let node = try node(value) {
      switch node.op {
      case "Scaler":
        let offset = node.attributes["offset"]?.floats ?? []
        let scale = node.attributes["scale"]?.floats ?? []
        guard offset.count == scale.count, !offset.isEmpty, (offset + scale).allSatisfy(\.isFinite),
          scale.allSatisfy({ $0 > 0 })
        else { throw Self.refuse("Scaler has not one offset and one positive scale a column", Self.hint) }
        usesFloats()
        try compose(mean: offset, scale: scale.map { 1 / $0 }, into: &front)
      case "Sub":
        let mean = try constant(node, 1).values
        try compose(mean: mean, scale: mean.map { _ in 1 }, into: &front)
      case "Div", "Mul":
        var scale = try constant(node, 1).values
        if node.op == "Mul" { scale = scale.map { 1 / $0 } }
        guard scale.allSatisfy({ $0 > 0 && $0.isFinite }) else {
          throw Self.refuse("\(node.op) before the classifier has a factor that is not positive", Self.hint)
        }
        try compose(mean: scale.map { _ in 0 }, scale: scale, into: &front)
      case "ArrayFeatureExtractor":
        let chosen = try constant(node, 1).values.map { Int(exactly: $0) ?? -1 }
        guard chosen.allSatisfy({ $0 >= 0 && $0 < BundleManifest.featureLimit }) else {
          throw Self.refuse("ArrayFeatureExtractor chooses a column that cannot be", "export it again")
        }
        // Columns chosen from these later.
        if let later = front.columns {
          guard later.allSatisfy({ $0 < chosen.count }) else {
            throw Self.refuse("ArrayFeatureExtractor chooses a column that is not there", "export it again")
          }
          front.columns = later.map { chosen[$0] }
        } else {
          front.columns = chosen
        }
      case "Imputer":
        let replaced = node.attributes["replaced_value_float"]?.float
        guard replaced?.isNaN == true else {
          throw Self.refuse("Imputer replaces numbers, not only missing ones", Self.hint)
        }
        front.hadImputer = true
      default: throw Self.refuse("operation \(node.op) before the classifier is not part of a step", Self.hint)
      }
      value = node.inputs.first ?? ""
    }
  }

  /// Puts (x - mean) / scale before the existing map: (x - m1) / s1, then (z - m2) / s2.
  private func compose(mean: [Double], scale: [Double], into front: inout Front) throws {
    var (mean, scale) = (mean, scale)
    // Columns were chosen after this operation: only theirs are used.
    if let columns = front.columns {
      guard columns.allSatisfy({ $0 < mean.count }) else {
        throw Self.refuse("ArrayFeatureExtractor chooses a column that is not there", "export it again")
      }
      mean = columns.map { mean[$0] }
      scale = columns.map { scale[$0] }
    }
    guard let later = front.map else {
      front.map = (mean, scale)
      return
    }
    guard later.mean.count == mean.count else {
      throw Self.refuse("operations on columns have different widths", "export it again")
    }
    front.map = (
      zip(mean, zip(scale, later.mean)).map { $0 + $1.0 * $1.1 }, zip(scale, later.scale).map { $0 * $1 }
    )
  }
}
