internal import Documents

extension StudyChoices {
  /// For the record: each choice with its value and who made it; null without any.
  var json: JSONValue? {
    var object = JSONObject()
    func add(_ key: String, _ value: JSONValue?) {
      guard let value else { return }
      object.append(key, ["value": value, "by": .string(byOperator.contains(key) ? "operator" : Self.fileName)])
    }
    add("image", image.map(JSONValue.string))
    add("mask", mask.map(JSONValue.string))
    add("roi", roi.map(JSONValue.string))
    add("segment", segment.map(JSONValue.integer))
    add("label", label.map(JSONValue.integer))
    add("number", number.map(JSONValue.integer))
    add("force", force.map(JSONValue.string))
    return object.members.isEmpty ? nil : .object(object)
  }
}
