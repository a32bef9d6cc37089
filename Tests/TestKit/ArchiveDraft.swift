import CDeflate

/// Bytes of zip, tar and gzip files, sound or not: archives as programs write them, and hostile ones.
package struct ArchiveDraft: Sendable {
  package enum Kind: UInt8, Sendable {
    case file = 0x30
    case hardLink = 0x31
    case symbolicLink = 0x32
    case device = 0x33
    case folder = 0x35
    case pipe = 0x36
  }

  package struct Entry: Sendable {
    package var name: [UInt8]
    package var content: [UInt8]
    package var kind: Kind
    /// Zip: general purpose flags (1 encrypted, 0x800 name in UTF-8).
    package var flags: UInt16 = 0
    /// Zip: another method than the one used.
    package var method: UInt16?

    package init(_ name: String, _ content: [UInt8] = [], _ kind: Kind = .file) {
      self.init(bytes: Array(name.utf8), content, kind)
    }

    package init(bytes name: [UInt8], _ content: [UInt8] = [], _ kind: Kind = .file) {
      self.name = name
      self.content = content
      self.kind = kind
    }
  }

  package var entries: [Entry]

  package init(_ entries: [Entry]) { self.entries = entries }

  // MARK: zip

  /// - Parameter deflated: compressed; stored otherwise.
  package func zip(deflated: Bool = true) -> [UInt8] {
    var out: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let isCompressed = deflated && !entry.content.isEmpty
      let data = isCompressed ? Self.deflated(entry.content) : entry.content
      let mode: UInt32 = entry.kind == .folder ? 0o40755 : entry.kind == .symbolicLink ? 0o120777 : 0o100644
      let common =
        Self.little(entry.flags) + Self.little(entry.method ?? (isCompressed ? 8 : 0))
        + Self.little(UInt32(0x5921_0000)) + Self.little(crc32(of: entry.content)) + Self.little(UInt32(data.count))
        + Self.little(UInt32(entry.content.count)) + Self.little(UInt16(entry.name.count)) + Self.little(UInt16(0))
      directory +=
        [0x50, 0x4B, 1, 2, 20, 3, 20, 0] + common + [UInt8](repeating: 0, count: 6) + Self.little(mode << 16)
        + Self.little(UInt32(out.count)) + entry.name
      out += [0x50, 0x4B, 3, 4, 20, 0] + common + entry.name + data
    }
    let count = Self.little(UInt16(truncatingIfNeeded: entries.count))
    return out + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count + Self.little(UInt32(directory.count))
      + Self.little(UInt32(out.count)) + [0, 0]
  }

  // MARK: tar

  /// A tar of the ustar format; long names by GNU's extension.
  package func tar() -> [UInt8] {
    var out: [UInt8] = []
    for entry in entries {
      if entry.name.count > 100 {
        out += Self.block("././@LongLink".utf8, 0x4C, entry.name.count + 1) + Self.padded(entry.name + [0])
      }
      let size = entry.kind == .file ? entry.content.count : 0
      let link = entry.kind == .file ? [] : entry.content
      out += Self.block(entry.name.prefix(100), entry.kind.rawValue, size, link: link)
      if size > 0 { out += Self.padded(entry.content) }
    }
    return out + [UInt8](repeating: 0, count: 1024)
  }

  private static func block(
    _ name: some Sequence<UInt8>, _ kind: UInt8, _ size: Int, link: [UInt8] = []
  ) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: 512)
    func put(_ bytes: some Sequence<UInt8>, _ at: Int) {
      for (index, byte) in bytes.enumerated() { block[at + index] = byte }
    }
    put(name, 0)
    put("0000644\u{0}0000000\u{0}0000000\u{0}".utf8, 100)
    put(octal(size, 11).utf8, 124)
    put(octal(0, 11).utf8, 136)
    put("        ".utf8, 148)
    block[156] = kind
    put(link.prefix(99), 157)
    put("ustar\u{0}00".utf8, 257)
    put((octal(block.reduce(0) { $0 + Int($1) }, 6) + "\u{0} ").utf8, 148)
    return block
  }

  private static func octal(_ value: Int, _ width: Int) -> String {
    let digits = String(value, radix: 8)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private static func padded(_ bytes: [UInt8]) -> [UInt8] {
    bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
  }

  // MARK: compression

  package static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    compressed(bytes) { libdeflate_gzip_compress($0, $1, $2, $3, $4) }
  }

  private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    compressed(bytes) { libdeflate_deflate_compress($0, $1, $2, $3, $4) }
  }

  private static func compressed(
    _ bytes: [UInt8],
    _ body: (OpaquePointer, UnsafeRawPointer?, Int, UnsafeMutableRawPointer?, Int) -> Int
  ) -> [UInt8] {
    guard let compressor = libdeflate_alloc_compressor(6) else { return [] }
    defer { libdeflate_free_compressor(compressor) }
    let room = bytes.count + bytes.count / 8 + 1024
    return [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      count = bytes.withUnsafeBytes { body(compressor, $0.baseAddress, $0.count, buffer.baseAddress, room) }
    }
  }

  private func crc32(of bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBytes { libdeflate_crc32(0, $0.baseAddress, $0.count) }
  }

  private static func little(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
