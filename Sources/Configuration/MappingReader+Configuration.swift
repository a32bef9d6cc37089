internal import Documents
internal import Errors
internal import Yams

/// The kinds of values that `radiomicsd.yaml` holds.
extension MappingReader {
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

  mutating func number(_ key: String, in range: ClosedRange<Double>, unit: String) throws(StudyError) -> Double? {
    guard let (line, node) = take(key) else { return nil }
    guard let value = node.float, value.isFinite, range.contains(value) else {
      throw complaint(key, line, "must be \(unit) from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  private func seconds(
    _ node: Node, _ key: String, _ line: Int, _ range: ClosedRange<Double>
  ) throws(StudyError) -> Double {
    guard let value = node.float, value.isFinite, range.contains(value) else {
      throw complaint(key, line, "must be seconds from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }
}
