internal import Glibc

extension FileName {
  /// This name, then `name-2`, `name-3`, … for a taken name; cut where it would be too long.
  public var candidates: [FileName] {
    [self]
      + (2...10_000).lazy.compactMap { number in
        let suffix = Array("-\(number)".utf8)
        return FileName(Array(bytes.prefix(255 - suffix.count)) + suffix)
      }.prefix(9_999)
  }

  /// The name of a study in the outbox and in `status`: `display`, cut to 200 bytes with a hash in place of the rest.
  public var published: FileName {
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

extension FileError {
  static let existing = EEXIST
}
