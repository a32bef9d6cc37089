internal import Errors

/// A path as bytes, for names that need not be text.
package struct Path: Sendable, Hashable {
  package let bytes: [UInt8]

  package init(bytes: [UInt8]) { self.bytes = bytes }
  package init(_ text: String) { bytes = Array(text.utf8) }

  package static func / (folder: Path, name: FileName) -> Path { Path(bytes: folder.bytes + [0x2F] + name.bytes) }
  package static func / (folder: Path, name: String) -> Path { Path(bytes: folder.bytes + [0x2F] + Array(name.utf8)) }

  /// The folder that this path lies in.
  package var parent: Path {
    guard let slash = bytes.lastIndex(of: 0x2F), slash > 0 else { return Path("/") }
    return Path(bytes: Array(bytes[..<slash]))
  }

  /// The path with all but plain letters, digits and `._-/` as `%XX`.
  package var percentEncoded: String { PercentEncoding.encoded(bytes) }

  /// The last component.
  package var name: [UInt8] { bytes.lastIndex(of: 0x2F).map { Array(bytes[($0 + 1)...]) } ?? bytes }

  /// Passes the path to a C function.
  package func withCString<Value>(_ body: (UnsafePointer<CChar>) throws -> Value) rethrows -> Value {
    try (bytes + [0]).withUnsafeBufferPointer { buffer in
      try buffer.withMemoryRebound(to: CChar.self) { try body($0.baseAddress!) }
    }
  }
}
