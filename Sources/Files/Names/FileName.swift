internal import Errors

/// One name in a folder, as the bytes it has on disk. Names are never compared as text: two names that look alike
/// (composed and decomposed letters) are two names, and a name need not be text at all.
package struct FileName: Sendable, Hashable {
  package let bytes: [UInt8]

  /// Nil for bytes that cannot be a name: none, `.`, `..`, more than 255 bytes, or with `/` or NUL in them.
  package init?(_ bytes: [UInt8]) {
    guard !bytes.isEmpty, bytes.count <= 255, bytes != [0x2E], bytes != [0x2E, 0x2E], !bytes.contains(0x2F),
      !bytes.contains(0)
    else { return nil }
    self.bytes = bytes
  }

  package init?(_ text: String) { self.init(Array(text.utf8)) }

  /// The name for people, databases and the outbox: unchanged when it is clean UTF-8, else percent-encoded.
  ///
  /// Names are encoded that have control, formatting or unassigned characters, a leading or trailing blank, a leading
  /// or trailing dot, or bytes that are not UTF-8.
  package var display: String { Self.display(bytes) }

  package static func display(_ bytes: [UInt8]) -> String {
    guard let text = String(validating: bytes, as: UTF8.self), isClean(text) else {
      return PercentEncoding.encoded(bytes)
    }
    return text
  }

  /// A path in a study for people: its names, each as `display`, joined with `/`.
  package static func display(path: [UInt8]) -> String {
    path.split(separator: 0x2F).map { display(Array($0)) }.joined(separator: "/")
  }

  private static func isClean(_ text: String) -> Bool {
    let scalars = text.unicodeScalars
    guard let first = scalars.first, let last = scalars.last, first != " ", first != ".", last != " ", last != "."
    else {
      return false
    }
    return scalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
      default: true
      }
    }
  }
}

extension FileName {
  /// This name, then `name-2`, `name-3`, … for a taken name; cut where it would be too long.
  package var candidates: [FileName] {
    [self]
      + (2...10_000).lazy.compactMap { number in
        let suffix = Array("-\(number)".utf8)
        return FileName(Array(bytes.prefix(255 - suffix.count)) + suffix)
      }.prefix(9_999)
  }

  /// The name of a study in the outbox and in `status`: `display`, cut to 200 bytes with a hash in place of the rest.
  package var published: FileName {
    let text = display
    guard text.utf8.count > 200 else { return FileName(text) ?? self }
    var cut = text
    while cut.utf8.count > 180 { cut.removeLast() }
    return FileName(cut + "~" + String(Self.hash(bytes), radix: 16)) ?? self
  }

  /// FNV-1a, 64 bits: tells cut names apart, nothing more.
  private static func hash(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
