package import Errors
package import Yams

/// Reads one YAML mapping key by key; every complaint names the key and its line, and a key that nothing asked for is one.
///
/// A module adds the kinds of values that its files hold in an extension, by `take` and `complaint`.
package struct MappingReader {
  /// A file, and how complaints about it are made.
  package struct Source: Sendable {
    package var file: String
    package var code: ErrorCode
    /// For complaints that have no better one.
    package var hint: String

    package init(_ file: String, _ code: ErrorCode, hint: String = "") {
      self.file = file
      self.code = code
      self.hint = hint
    }

    package func error(_ line: Int?, _ message: String, hint: String = "") -> StudyError {
      let place = line.map { $0 > 0 ? "line \($0): " : "" } ?? ""
      return StudyError(code, place + message, file: file, hint: hint.isEmpty ? self.hint : hint)
    }
  }

  private let source: Source
  private let prefix: String
  private var pending: [(key: String, line: Int, node: Node)] = []

  /// - Throws: the source's error where the node is not a mapping, or a key is not a text or comes twice.
  package init(_ node: Node, _ source: Source, prefix: String = "") throws(StudyError) {
    self.source = source
    self.prefix = prefix
    guard let mapping = node.mapping else {
      throw source.error(node.mark?.line, "\(prefix.isEmpty ? "the file" : prefix) must hold keys and values")
    }
    for (key, value) in mapping {
      guard let name = key.string else { throw source.error(key.mark?.line, "a key must be a word") }
      if pending.contains(where: { $0.key == name }) {
        throw source.error(key.mark?.line, "the key \(prefix)\(name) comes twice")
      }
      pending.append((name, key.mark?.line ?? 0, value))
    }
  }

  /// Throws for the first key that was not read.
  package func finish(known: [String]) throws(StudyError) {
    guard let left = pending.first else { return }
    throw source.error(
      left.line, "unknown key \(prefix)\(left.key)", hint: "known keys: \(known.joined(separator: ", "))")
  }

  package mutating func text(_ key: String) throws(StudyError) -> String? {
    guard let (line, node) = take(key) else { return nil }
    guard let value = node.scalar?.string, !value.isEmpty else { throw complaint(key, line, "must be a text") }
    guard !value.utf8.contains(0) else { throw complaint(key, line, "must not hold a NUL character") }
    return value
  }

  package mutating func truth(_ key: String) throws(StudyError) -> Bool? {
    guard let (line, node) = take(key) else { return nil }
    guard let value = node.bool else { throw complaint(key, line, "must be true or false") }
    return value
  }

  package mutating func choice<Choice: RawRepresentable & CaseIterable>(_ key: String) throws(StudyError) -> Choice?
  where Choice.RawValue == String {
    guard let (line, node) = take(key) else { return nil }
    guard let name = node.scalar?.string, let value = Choice(rawValue: name) else {
      throw complaint(key, line, "must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return value
  }

  /// Whether a key has a mapping, and not a single value.
  package func holdsMapping(_ key: String) -> Bool { pending.contains { $0.key == key && $0.node.mapping != nil } }

  package mutating func nested(_ key: String) throws(StudyError) -> MappingReader? {
    guard let (_, node) = take(key) else { return nil }
    return try MappingReader(node, source, prefix: "\(prefix)\(key).")
  }

  /// The value of `key`; an explicit null counts as absent.
  package mutating func take(_ key: String) -> (line: Int, node: Node)? {
    guard let index = pending.firstIndex(where: { $0.key == key }) else { return nil }
    let found = pending.remove(at: index)
    if found.node.null != nil { return nil }
    return (found.line, found.node)
  }

  /// What to throw where the value of a key cannot be.
  package func complaint(_ key: String, _ line: Int?, _ what: String) -> StudyError {
    source.error(line, "\(prefix)\(key) \(what)")
  }
}
