package import Foundation

/// A folder of one test, removed with it.
package final class TemporaryFolder: Sendable {
  package let path: String

  package init() throws {
    let base = FileManager.default.temporaryDirectory.appendingPathComponent("radiomicsd-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: base, withIntermediateDirectories: true)
    path = base.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  package func callAsFunction(_ name: String) -> String { path + "/" + name }

  /// Creates a folder below and returns its path.
  package func folder(_ name: String) throws -> String {
    try FileManager.default.createDirectory(atPath: self(name), withIntermediateDirectories: true)
    return self(name)
  }

  package func data(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: self(name))) }

  package func text(_ name: String) throws -> String { String(decoding: try data(name), as: UTF8.self) }

  package func write(_ name: String, _ text: String) throws {
    try text.write(toFile: self(name), atomically: true, encoding: .utf8)
  }

  package func list(_ name: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: self(name)).sorted()
  }

  /// A JSON file as a dictionary.
  package func json(_ name: String) throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: data(name)) as? [String: Any] ?? [:]
  }
}
