/// The program that made a result.
package enum Software {
  package static let name = "radiomicsd"
  package static let version = "0.1.0"

  /// `software` of `result.json` and `error.json`.
  package static func json(engine: String? = nil) -> JSONObject {
    var object: JSONObject = ["name": .string(name), "version": .string(version)]
    object.append("engine", ifPresent: engine.map(JSONValue.string))
    return object
  }
}
