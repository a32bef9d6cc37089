/// The path of a file below a study's folder, as the bytes of the file system. It may be any bytes except NUL: names
/// are never decoded to find a file again, only to show them.
package struct RelativePath: Sendable, Hashable, Comparable {
  /// Path relative to the study's folder, components separated by `/`.
  package let bytes: [UInt8]

  package init(bytes: [UInt8]) { self.bytes = bytes }

  package init(_ path: String) { self.bytes = Array(path.utf8) }

  /// The path as text where its bytes are valid UTF-8; nil otherwise.
  package var text: String? { String(validating: bytes, as: UTF8.self) }

  /// The path to show: its text, or with every byte outside ASCII as `%XX` where it is not valid UTF-8.
  package var display: String {
    if let text { return text }
    var out = ""
    for byte in bytes {
      if byte < 0x80 {
        out.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        out += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return out
  }

  /// The last component.
  package var lastComponent: ArraySlice<UInt8> {
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return bytes[...] }
    return bytes[(slash + 1)...]
  }

  /// Everything before the last component.
  package var folder: ArraySlice<UInt8> { bytes[..<lastComponent.startIndex] }

  /// The part after the last dot of the last component, in lower case; empty where there is none.
  package var suffix: [UInt8] {
    guard let dot = lastComponent.lastIndex(of: UInt8(ascii: ".")) else { return [] }
    return lastComponent[(dot + 1)...].map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }
  }

  /// This name with a component below it.
  package func appending(_ component: [UInt8]) -> RelativePath {
    bytes.isEmpty ? RelativePath(bytes: component) : RelativePath(bytes: bytes + [UInt8(ascii: "/")] + component)
  }

  /// Byte order.
  package static func < (a: RelativePath, b: RelativePath) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }
}
