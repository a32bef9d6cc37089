package import Documents

/// `features.json`, and what `extract` prints: `{"features": {name: number}, "diagnostics": {…}}` in the order of
/// extraction. A feature that is not finite is `null`, and `nonFinite` names those that are infinite.
package struct FeaturesDocument: Sendable {
  package var features: [(name: String, value: Double)]
  /// Numbers, texts and arrays of numbers, as PyRadiomics reports them.
  package var diagnostics: [(name: String, value: JSONValue)]
  /// IBSI's codes of features, where they are requested: `"ibsi": {name: code}`.
  package var codes: [(name: String, code: String)] = []

  package init(features: [(name: String, value: Double)], diagnostics: [(name: String, value: JSONValue)]) {
    self.features = features
    self.diagnostics = diagnostics
  }

  package var json: JSONValue {
    var members = [
      JSONObject.Member("features", .object(JSONObject(numbers: features))),
      JSONObject.Member("diagnostics", .object(JSONObject(diagnostics.map { JSONObject.Member($0.name, $0.value) }))),
    ]
    if let nonFinite = JSONObject.nonFinite(features) {
      members.append(JSONObject.Member(JSONObject.nonFiniteName, nonFinite))
    }
    if !codes.isEmpty {
      members.append(
        JSONObject.Member("ibsi", .object(JSONObject(codes.map { JSONObject.Member($0.name, .string($0.code)) }))))
    }
    return .object(JSONObject(members))
  }
}
