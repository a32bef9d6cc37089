internal import Documents
internal import Files

/// `audit.json`, which a worker leaves beside a result for the record: the input of the model and the device that
/// computed it. The manifest does not list it, so it is never published.
enum AuditRecord {
  /// Texts for the record of the result; empty where the file is missing or invalid: keys are plain words, at most
  /// forty of them, texts are cut.
  static func facts(in folder: Path) -> [String: String] {
    guard let bytes = try? FileDigest.contents(folder / AuditDocument.fileName, limit: 1 << 18),
      let document = try? JSONDocument.decode(AuditDocument.self, from: bytes),
      document.schema == AuditDocument.schema
    else { return [:] }
    var facts: [String: String] = [:]
    for member in document.facts.members {
      guard case .string(let text) = member.value else { return [:] }
      facts[member.name] = text
    }
    let plain = facts.filter { key, _ in
      (1...40).contains(key.utf8.count)
        && key.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }
    let kept = plain.sorted { $0.key < $1.key }.prefix(40)
    return Dictionary(uniqueKeysWithValues: kept.map { ($0.key, String($0.value.prefix(20_000))) })
  }
}
