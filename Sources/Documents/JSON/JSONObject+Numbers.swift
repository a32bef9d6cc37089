/// Numbers by name. JSON has no NaN and no infinities: such a number is `null`, and where it is infinite an additional
/// member states it, so that it is not taken for a missing one: `"nonFinite": {"original_firstorder_Energy": "inf"}`.
extension JSONObject {
  /// Name of the member that lists the infinite numbers. It is absent where there are none.
  package static let nonFiniteName = "nonFinite"

  package init(numbers: [(name: String, value: Double)]) {
    self.init(numbers.map { Member($0.name, .number($0.value)) })
  }

  /// `{name: "inf" | "-inf"}` of the infinite numbers, in their order; nil where there are none.
  package static func nonFinite(_ numbers: [(name: String, value: Double)]) -> JSONValue? {
    let members = numbers.filter(\.value.isInfinite).map { Member($0.name, .string($0.value.description)) }
    return members.isEmpty ? nil : .object(JSONObject(members))
  }
}
