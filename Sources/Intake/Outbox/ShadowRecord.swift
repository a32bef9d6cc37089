internal import Files
internal import Foundation

/// `shadow.json`, which a worker leaves beside a result where the configuration names a shadow model. It is no part of the
/// result: the manifest does not list it, so it is never published; what it says goes into the job's events.
enum ShadowRecord {
  private struct Document: Decodable {
    struct Model: Decodable {
      var name: String?
      var version: String?
      var sha256: String?
    }
    var schema: String
    var model: Model?
    var probability: Double?
    var positive: Bool?
    var withheld: String?
    var outside: Bool?
  }

  /// Texts for an event; empty where there is no such file or it cannot be read: a shadow never harms a result.
  static func details(in folder: Path) -> [String: String] {
    guard let bytes = try? FileDigest.contents(folder / "shadow.json", limit: 1 << 16),
      let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)),
      document.schema == "radiomicsd.shadow/1"
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
