internal import Errors
internal import Yams

/// Reads one YAML mapping key by key; every error names the key and its line, and an unknown key is an error.
struct YAMLReader {
  private let file: String
  private let prefix: String
  private var pending: [(key: String, line: Int, node: Node)] = []

  /// - Throws: `E_CONFIG` when the node is not a mapping, a key is not text or occurs twice.
  init(_ node: Node, file: String, prefix: String = "") throws(StudyError) {
    self.file = file
    self.prefix = prefix
    guard let mapping = node.mapping else {
      throw Self.error(file, node.mark?.line, "\(prefix.isEmpty ? "the file" : prefix) must hold keys and values")
    }
    for (key, value) in mapping {
      guard let name = key.string else { throw Self.error(file, key.mark?.line, "a key must be a word") }
      if pending.contains(where: { $0.key == name }) {
        throw Self.error(file, key.mark?.line, "the key \(prefix)\(name) comes twice")
      }
      pending.append((name, key.mark?.line ?? 0, value))
    }
  }

  /// Throws for the first key that was not read.
  func finish(known: [String]) throws(StudyError) {
    guard let left = pending.first else { return }
    throw Self.error(
      file, left.line, "unknown key \(prefix)\(left.key)", hint: "known keys: \(known.joined(separator: ", "))")
  }

  mutating func text(_ key: String) throws(StudyError) -> String? {
    guard let (line, node) = take(key) else { return nil }
    guard let value = node.scalar?.string, !value.isEmpty else { throw complaint(key, line, "must be a text") }
    guard !value.utf8.contains(0) else { throw complaint(key, line, "must not hold a NUL character") }
    return value
  }

  mutating func integer(_ key: String, in range: ClosedRange<Int>) throws(StudyError) -> Int? {
    guard let (line, node) = take(key) else { return nil }
    guard let value = node.int, range.contains(value) else {
      throw complaint(key, line, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// Seconds; a fraction is allowed.
  mutating func seconds(_ key: String, in range: ClosedRange<Double>) throws(StudyError) -> Double? {
    guard let (line, node) = take(key) else { return nil }
    return try seconds(node, key, line, range)
  }

  mutating func secondsList(_ key: String, in range: ClosedRange<Double>) throws(StudyError) -> [Double]? {
    guard let (line, node) = take(key) else { return nil }
    guard let sequence = node.sequence, !sequence.isEmpty else {
      throw complaint(key, line, "must be a list of seconds, for example [30, 120]")
    }
    var values: [Double] = []
    for element in sequence { values.append(try seconds(element, key, line, range)) }
    return values
  }

  mutating func texts(_ key: String) throws(StudyError) -> [String]? {
    guard let (line, node) = take(key) else { return nil }
    guard let sequence = node.sequence else { throw complaint(key, line, "must be a list of texts") }
    var values: [String] = []
    for element in sequence {
      guard let value = element.scalar?.string, !value.isEmpty else {
        throw complaint(key, line, "must be a list of texts")
      }
      values.append(value)
    }
    return values
  }

  mutating func choice<Choice: RawRepresentable & CaseIterable>(_ key: String) throws(StudyError) -> Choice?
  where Choice.RawValue == String {
    guard let (line, node) = take(key) else { return nil }
    guard let name = node.scalar?.string, let value = Choice(rawValue: name) else {
      throw complaint(key, line, "must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return value
  }

  mutating func truth(_ key: String) throws(StudyError) -> Bool? {
    guard let (line, node) = take(key) else { return nil }
    guard let value = node.bool else { throw complaint(key, line, "must be true or false") }
    return value
  }

  /// Whether a key has a mapping, and not a single value.
  func holdsMapping(_ key: String) -> Bool { pending.contains { $0.key == key && $0.node.mapping != nil } }

  mutating func nested(_ key: String) throws(StudyError) -> YAMLReader? {
    guard let (_, node) = take(key) else { return nil }
    return try YAMLReader(node, file: file, prefix: "\(prefix)\(key).")
  }

  /// The value of `key`; an explicit null counts as absent.
  private mutating func take(_ key: String) -> (line: Int, node: Node)? {
    guard let index = pending.firstIndex(where: { $0.key == key }) else { return nil }
    let found = pending.remove(at: index)
    if found.node.null != nil { return nil }
    return (found.line, found.node)
  }

  mutating func number(_ key: String, in range: ClosedRange<Double>, unit: String) throws(StudyError) -> Double? {
    guard let (line, node) = take(key) else { return nil }
    guard let value = node.float, value.isFinite, range.contains(value) else {
      throw complaint(key, line, "must be \(unit) from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// The error for a key that was read and lacks something.
  func missing(_ key: String, _ what: String) -> StudyError { complaint(key, 0, what) }

  private func seconds(
    _ node: Node, _ key: String, _ line: Int, _ range: ClosedRange<Double>
  ) throws(StudyError) -> Double {
    guard let value = node.float, value.isFinite, range.contains(value) else {
      throw complaint(key, line, "must be seconds from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  private func complaint(_ key: String, _ line: Int, _ what: String) -> StudyError {
    Self.error(file, line, "\(prefix)\(key) \(what)")
  }

  static func error(_ file: String, _ line: Int?, _ message: String, hint: String = "") -> StudyError {
    let place = line.map { $0 > 0 ? "line \($0): " : "" } ?? ""
    return StudyError(.configuration, place + message, file: file, hint: hint)
  }
}
