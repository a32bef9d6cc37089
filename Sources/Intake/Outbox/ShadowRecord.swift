internal import Documents
internal import Files

/// `shadow.json`, which a worker leaves beside a result where the configuration names a shadow model. It does not
/// belong to the result: the manifest does not list it, so it is never published; its texts go into the job's events.
enum ShadowRecord {
  /// Texts for an event; empty where the file is missing or cannot be read: a shadow model never harms a result.
  static func details(in folder: Path) -> [String: String] {
    guard let bytes = try? FileDigest.contents(folder / ShadowDocument.fileName, limit: 1 << 16),
      let document = try? JSONDocument.decode(ShadowDocument.self, from: bytes),
      document.schema == ShadowDocument.schema
    else { return [:] }
    var details: [String: String] = [:]
    func put(_ key: String, _ text: String?) { details[key] = text.map { String($0.prefix(500)) } }
    put("shadow_model", [document.model?.name, document.model?.version].compactMap { $0 }.joined(separator: " "))
    put("shadow_sha256", document.model?.sha256)
    put("shadow_probability", document.probability.map { "\($0)" })
    put("shadow_positive", document.positive.map { "\($0)" })
    put("shadow_withheld", document.withheld)
    put("shadow_outside", document.outside.map { "\($0)" })
    return details
  }
}
