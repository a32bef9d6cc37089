/// A JSON value whose objects keep their order, so that a result has the order of its documentation and the
/// same bytes in every run. (Foundation's encoders sort the keys or shuffle them.)
///
/// Build it with literals: `["count": 3, "names": ["a", "b"], "mean": .number(mean)]`.
package indirect enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case integer(Int)
  /// Written as the shortest text that is read back as the same double; NaN and the infinities, which JSON does not
  /// have, are written as `null`.
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)
}

extension JSONValue {
  /// The text, or `null` where there is none.
  package init(_ text: String?) { self = text.map(JSONValue.string) ?? .null }

  /// The number, or `null` where there is none.
  package init(_ number: Double?) { self = number.map(JSONValue.number) ?? .null }

  /// The integer, or `null` where there is none.
  package init(_ integer: Int?) { self = integer.map(JSONValue.integer) ?? .null }

  package init(_ truth: Bool?) { self = truth.map(JSONValue.bool) ?? .null }

  package init(_ texts: [String]) { self = .array(texts.map(JSONValue.string)) }

  package init(_ numbers: [Double]) { self = .array(numbers.map(JSONValue.number)) }

  package init(_ integers: [Int]) { self = .array(integers.map(JSONValue.integer)) }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(nilLiteral: ()) { self = .null }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }
  package init(floatLiteral value: Double) { self = .number(value) }
  package init(stringLiteral value: String) { self = .string(value) }
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(JSONObject(elements.map { JSONObject.Member($0.0, $0.1) }))
  }
}
