/// The program that made a result.
public enum Software {
  public static let name = "radiomicsd"
  public static let version = "0.1.0"

  /// `software` of `result.json` and `error.json`.
  public static func json(engine: String? = nil) -> JSONObject {
    var object: JSONObject = ["name": .string(name), "version": .string(version)]
    object.append("engine", ifPresent: engine.map(JSONValue.string))
    return object
  }
}
