internal import Hashing

extension ResultRecord {
  /// SHA-256 of the record's canonical text. The event that records the result contains it, so that the chain covers
  /// prediction, threshold and model as well.
  package var digest: String {
    func text(_ value: (some CustomStringConvertible)?) -> String { value.map { "\($0)" } ?? "" }
    let fields: [String] = [
      text(probability), text(positive), text(threshold), text(label), text(modelName), text(modelVersion),
      text(modelSHA256), text(demonstration), text(profileName), text(profileSHA256), text(featureCount),
      text(featuresSHA256), JSONText.array(warnings), manifestSHA256,
    ]
    // Records from before there were facts keep their digest.
    if !facts.isEmpty { return sha256(JSONText.array(fields + [JSONText.object(facts)])) }
    return sha256(JSONText.array(fields))
  }
}
