import Foundation
import Hashing
import Model

/// A bundle of `Fixtures` in memory, for tests that change it; hashes are made to match again.
struct FixtureBundle {
  static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")

  var files: [String: [UInt8]] = [:]
  var manifest: [String: Any]

  init(_ name: String = "forest/bundle") throws {
    let folder = Self.fixtures.appendingPathComponent(name)
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      files[file] = Array(try Data(contentsOf: folder.appendingPathComponent(file)))
    }
    manifest = try JSONSerialization.jsonObject(with: Data(files["bundle.json"]!)) as! [String: Any]
  }

  static func data(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: fixtures.appendingPathComponent(name)))
  }

  /// Changes one tensor.
  mutating func change(_ name: String, _ change: (Tensor.Values) -> Tensor.Values) throws {
    let tensors = try SafeTensors(files["weights.safetensors"]!, file: "w").tensors.values.sorted { $0.name < $1.name }
    files["weights.safetensors"] = SafeTensors.encode(
      tensors.map { $0.name == name ? Tensor(name: name, shape: $0.shape, values: change($0.values)) : $0 })
  }

  /// Changes a JSON file.
  mutating func change(json name: String, _ change: (inout [String: Any]) -> Void) throws {
    var object = try JSONSerialization.jsonObject(with: Data(files[name]!)) as! [String: Any]
    change(&object)
    files[name] = Array(try JSONSerialization.data(withJSONObject: object))
  }

  /// Every file, with matching hashes in `bundle.json`.
  func sealed() throws -> [String: [UInt8]] {
    var (files, manifest) = (files, manifest)
    files["bundle.json"] = nil
    manifest["files"] = files.mapValues { ["sha256": sha256($0), "bytes": $0.count] as [String: Any] }
    files["bundle.json"] = Array(try JSONSerialization.data(withJSONObject: manifest))
    return files
  }

  func load() throws -> ModelBundle { try ModelBundle(files: try sealed(), path: "fixture") }
}
