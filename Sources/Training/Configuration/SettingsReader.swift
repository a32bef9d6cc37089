internal import Errors
internal import Yams

/// Reads a mapping of `train.yaml` key by key; every error names the key and its line, and an unknown key is an
/// error.
struct SettingsReader {
  private let file: String
  private let prefix: String
  private var pending: [(key: String, line: Int, node: Node)] = []

  init(_ node: Node, file: String, prefix: String = "") throws {
    self.file = file
    self.prefix = prefix
    guard let mapping = node.mapping else {
      throw Self.fault(file, node.mark?.line, "\(prefix.isEmpty ? "the file" : prefix) must hold keys and values")
    }
    for (key, value) in mapping {
      guard let name = key.string else { throw Self.fault(file, key.mark?.line, "a key must be a word") }
      if pending.contains(where: { $0.key == name }) {
        throw Self.fault(file, key.mark?.line, "the key \(prefix)\(name) comes twice")
      }
      pending.append((name, key.mark?.line ?? 0, value))
    }
  }

  /// Throws for the first key that was not read.
  func finish(known: [String]) throws {
    guard let left = pending.first else { return }
    throw Self.fault(
      file, left.line, "unknown key \(prefix)\(left.key)", hint: "known keys: \(known.joined(separator: ", "))")
  }

  mutating func text(_ key: String) throws -> String? {
    guard let (line, node) = take(key) else { return nil }
    guard let text = node.scalar?.string, !text.isEmpty, !text.utf8.contains(0) else {
      throw complaint(key, line, "must be a text")
    }
    return text
  }

  mutating func texts(_ key: String) throws -> [String]? {
    guard let (line, node) = take(key) else { return nil }
    let texts = elements(node).compactMap { $0.scalar?.string }.filter { !$0.isEmpty }
    guard !texts.isEmpty, texts.count == elements(node).count else {
      throw complaint(key, line, "must be a list of texts")
    }
    return texts
  }

  mutating func truth(_ key: String) throws -> Bool? {
    guard let (line, node) = take(key) else { return nil }
    guard let truth = node.bool else { throw complaint(key, line, "must be true or false") }
    return truth
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

  mutating func choice<Choice: RawRepresentable & CaseIterable>(_ key: String) throws -> Choice?
  where Choice.RawValue == String {
    guard let (line, node) = take(key) else { return nil }
    guard let name = node.scalar?.string, let value = Choice(rawValue: name) else {
      throw complaint(key, line, "must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return value
  }

  /// A value that is parsed elsewhere: the scalar's text, or the texts of a list, or of a list of lists.
  mutating func scalars(_ key: String) -> (line: Int, lists: [[String?]])? {
    guard let (line, node) = take(key) else { return nil }
    return (line, elements(node).map { elements($0).map { $0.scalar?.string } })
  }

  mutating func nested(_ key: String) throws -> SettingsReader? {
    guard let (_, node) = take(key) else { return nil }
    return try SettingsReader(node, file: file, prefix: "\(prefix)\(key).")
  }

  func complaint(_ key: String, _ line: Int?, _ what: String) -> StudyError {
    Self.fault(file, line, "\(prefix)\(key) \(what)")
  }

  static func fault(_ file: String, _ line: Int?, _ message: String, hint: String = "") -> StudyError {
    let place = line.map { $0 > 0 ? "line \($0): " : "" } ?? ""
    return StudyError(
      .trainConfiguration, place + message, file: file, hint: hint.isEmpty ? "see docs/training.md" : hint)
  }

  private func elements(_ node: Node) -> [Node] { node.sequence.map(Array.init) ?? [node] }

  /// The value of `key`; an explicit null counts as absent.
  private mutating func take(_ key: String) -> (line: Int, node: Node)? {
    guard let index = pending.firstIndex(where: { $0.key == key }) else { return nil }
    let found = pending.remove(at: index)
    if found.node.null != nil { return nil }
    return (found.line, found.node)
  }
}
