/// `audit.json`, which a worker leaves beside a result for the record: the input of the model and the device that
/// computed it. The manifest does not list it, so it is never published.
package struct AuditDocument: Sendable, Equatable, DocumentValue {
  package static let fileName = "audit.json"
  package static let schema = "radiomicsd.audit/1"

  package var schema = Self.schema
  package var facts: JSONObject

  package init(facts: JSONObject) { self.facts = facts }

  package var json: JSONValue { ["schema": .string(schema), "facts": .object(facts)] }
}

/// `shadow.json`, which a worker leaves beside a result where the configuration names a shadow model. The manifest does not
/// list it, so it is never published; what it says goes into the job's events.
package struct ShadowDocument: Sendable, Equatable, DocumentValue {
  package static let fileName = "shadow.json"
  package static let schema = "radiomicsd.shadow/1"

  package var schema = Self.schema
  package var model: ResultDocument.Model?
  package var probability: Double?
  package var positive: Bool?
  /// Why there is no probability.
  package var withheld: String?
  /// The case lies outside the model's training cohort.
  package var outside: Bool?

  package init() {}

  package var json: JSONValue {
    var object: JSONObject = ["schema": .string(schema)]
    object.append("model", ifPresent: model?.json)
    object.append("probability", ifPresent: probability.map(JSONValue.number))
    object.append("positive", ifPresent: positive.map(JSONValue.bool))
    object.append("withheld", ifPresent: withheld.map(JSONValue.string))
    object.append("outside", ifPresent: outside.map(JSONValue.bool))
    return .object(object)
  }
}
