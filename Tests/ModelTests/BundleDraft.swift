import Foundation
import Hashing

/// A bundle under construction: tests change the parts that should be refused, then write it.
struct BundleDraft {
  var manifest: [String: Any]
  var weights: [UInt8]
  var selftest: GoldenCase.SelfTestValues
  var cohort: GoldenCase.CohortValues
  var profile = Array("setting:\n  binWidth: 5\n".utf8)
  var card = Array("# A card\n".utf8)
  /// Files beside the required ones; listed in the manifest.
  var extra: [String: [UInt8]] = [:]

  init(_ golden: GoldenCase) throws {
    let steps = try JSONSerialization.jsonObject(with: JSONEncoder().encode(golden.steps))
    manifest = [
      "schema": "radiomicsd.model/1", "name": "golden", "version": "1.0.0", "created": "2026-01-01T00:00:00Z",
      "demonstration": true, "task": "binary-classification", "classes": ["negative", "positive"],
      "positive_class": "positive", "label_definition": "made", "features": golden.features,
      "features_sha256": sha256(golden.features.joined(separator: "\n")), "steps": steps,
      "decision": ["threshold": 0.5, "rule": "fixed"], "missing_values": "refuse", "intended_use": "tests",
      "not_for": ["patients"], "status": "research use only",
    ]
    weights = Self.safetensors(golden.tensors)
    selftest = golden.selftest
    cohort = golden.cohort
  }

  /// Writes the bundle with matching hashes into a new folder that `body` may then damage; the folder is removed.
  func withFolder<R>(_ body: (URL) throws -> R) throws -> R {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bundle-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var files = extra
    files["weights.safetensors"] = weights
    files["profile.yaml"] = profile
    files["card.md"] = card
    files["selftest.json"] = Array(try JSONEncoder().encode(selftest))
    files["cohort.json"] = Array(try JSONEncoder().encode(cohort))
    var manifest = manifest
    if manifest["files"] == nil {
      manifest["files"] = files.mapValues { ["sha256": sha256($0), "bytes": $0.count] as [String: Any] }
    }
    if manifest["profile"] == nil {
      manifest["profile"] = ["name": "made", "file": "profile.yaml", "sha256": sha256(profile)]
    }
    for (name, bytes) in files { try Data(bytes).write(to: folder.appendingPathComponent(name)) }
    try JSONSerialization.data(withJSONObject: manifest).write(to: folder.appendingPathComponent("bundle.json"))
    return try body(folder)
  }

  static func safetensors(_ tensors: [String: GoldenCase.TensorValues]) -> [UInt8] {
    var entries: [String] = []
    var data: [UInt8] = []
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      let begin = data.count
      for value in tensor.values { withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) } }
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      entries.append(#""\#(name)":{"dtype":"F64","shape":[\#(shape)],"data_offsets":[\#(begin),\#(data.count)]}"#)
    }
    return safetensors(header: "{\(entries.joined(separator: ","))}", data: data)
  }

  static func safetensors(header: String, data: [UInt8]) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8) + data
  }
}
