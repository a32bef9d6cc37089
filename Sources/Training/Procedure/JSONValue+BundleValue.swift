internal import Documents
internal import Model

extension JSONValue {
  /// The same value; the members of an object in the order of their names.
  init(_ value: BundleValue) {
    self =
      switch value {
      case .null: .null
      case .bool(let truth): .bool(truth)
      case .integer(let integer): .integer(integer)
      case .number(let number): .number(number)
      case .string(let text): .string(text)
      case .array(let elements): .array(elements.map { JSONValue($0) })
      case .object(let members):
        .object(
          JSONObject(members.sorted { $0.key < $1.key }.map { JSONObject.Member($0.key, JSONValue($0.value)) }))
      }
  }
}
