internal import Documents
internal import Errors
internal import Yams

/// The kinds of values that `train.yaml` holds: one where a list may be means a list of one.
extension MappingReader {
  mutating func texts(_ key: String) throws -> [String]? {
    guard let (line, node) = take(key) else { return nil }
    let texts = elements(node).compactMap { $0.scalar?.string }.filter { !$0.isEmpty }
    guard !texts.isEmpty, texts.count == elements(node).count else {
      throw complaint(key, line, "must be a list of texts")
    }
    return texts
  }

  mutating func integer(_ key: String, _ range: ClosedRange<Int>) throws -> Int? {
    guard let values = try integers(key, range) else { return nil }
    guard values.count == 1 else { throw complaint(key, nil, "must be one whole number") }
    return values[0]
  }

  /// A whole number, or a list of them.
  mutating func integers(_ key: String, _ range: ClosedRange<Int>) throws -> [Int]? {
    guard let (line, node) = take(key) else { return nil }
    let values = elements(node).compactMap(\.int)
    guard !values.isEmpty, values.count == elements(node).count, values.allSatisfy(range.contains) else {
      throw complaint(key, line, "must be whole numbers from \(range.lowerBound) to \(range.upperBound)")
    }
    return values
  }

  mutating func number(_ key: String, _ range: ClosedRange<Double>) throws -> Double? {
    guard let values = try numbers(key, range) else { return nil }
    guard values.count == 1 else { throw complaint(key, nil, "must be one number") }
    return values[0]
  }

  /// A number, or a list of them.
  mutating func numbers(_ key: String, _ range: ClosedRange<Double>) throws -> [Double]? {
    guard let (line, node) = take(key) else { return nil }
    let values = elements(node).compactMap(\.float)
    guard !values.isEmpty, values.count == elements(node).count,
      values.allSatisfy({ $0.isFinite && range.contains($0) })
    else { throw complaint(key, line, "must be numbers from \(range.lowerBound) to \(range.upperBound)") }
    return values
  }

  /// A value that is parsed elsewhere: the scalar's text, or the texts of a list, or of a list of lists.
  mutating func scalars(_ key: String) -> (line: Int, lists: [[String?]])? {
    guard let (line, node) = take(key) else { return nil }
    return (line, elements(node).map { elements($0).map { $0.scalar?.string } })
  }

  private func elements(_ node: Node) -> [Node] { node.sequence.map(Array.init) ?? [node] }
}

extension MappingReader.Source {
  /// `train.yaml`.
  static func training(_ file: String) -> MappingReader.Source {
    MappingReader.Source(file, .trainConfiguration, hint: "see docs/training.md")
  }
}
