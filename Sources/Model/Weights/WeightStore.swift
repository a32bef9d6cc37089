internal import Errors

/// The tensors of a bundle by name, returned with their shape and numbers checked, and marked as used: a tensor that no
/// step uses means that file and manifest do not match.
struct WeightStore {
  private let tensors: [String: Tensor]
  private var used: Set<String> = []
  private let file: String

  init(_ tensors: [String: Tensor], file: String) {
    self.tensors = tensors
    self.file = file
  }

  func has(_ name: String) -> Bool { tensors[name] != nil }

  private mutating func tensor(_ name: String, _ shape: [Int?]) throws -> Tensor {
    guard let tensor = tensors[name] else {
      throw StudyError(.modelWeights, "the weights lack tensor \(name)", file: file, hint: restoreHint)
    }
    guard tensor.shape.count == shape.count, zip(tensor.shape, shape).allSatisfy({ $1 == nil || $0 == $1 }) else {
      let due = shape.map { $0.map(String.init) ?? "any" }.joined(separator: ", ")
      throw StudyError(
        .modelShape, "tensor \(name) has the shape \(tensor.shape); [\(due)] is due", file: file, hint: restoreHint)
    }
    used.insert(name)
    return tensor
  }

  /// Integers of a tensor of that shape; a nil length accepts any.
  mutating func integers(_ name: String, _ shape: [Int?]) throws -> [Int64] {
    guard case .int64(let values) = try tensor(name, shape).values else {
      throw StudyError(.modelWeights, "tensor \(name) holds real numbers; I64 is due", file: file, hint: restoreHint)
    }
    return values
  }

  /// Finite numbers of a tensor of that shape; a nil length accepts any.
  mutating func doubles(_ name: String, _ shape: [Int?]) throws -> (values: [Double], shape: [Int]) {
    let tensor = try tensor(name, shape)
    guard case .float64(let values) = tensor.values else {
      throw StudyError(.modelWeights, "tensor \(name) holds integers; F64 is due", file: file, hint: restoreHint)
    }
    if let bad = values.firstIndex(where: { !$0.isFinite }) {
      throw StudyError(
        .modelNumbers, "element \(bad) of tensor \(name) is \(values[bad])", file: file, hint: restoreHint)
    }
    return (values, tensor.shape)
  }

  func requireAllUsed() throws {
    let unused = tensors.keys.filter { !used.contains($0) }.sorted()
    guard unused.isEmpty else {
      throw StudyError(
        .modelWeights, "no step of the bundle uses these tensors: \(unused.joined(separator: ", "))", file: file,
        hint: restoreHint)
    }
  }
}
