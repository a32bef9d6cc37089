/// The kinds of archive that are read.
package enum ArchiveKind: String, Sendable {
  case zip
  case tar
  case gzippedTar = "tar.gz"

  /// Whether a file is an archive by its name: `.zip`, `.tar`, `.tar.gz`, `.tgz`, in any case.
  package static func isNamed(_ name: some BidirectionalCollection<UInt8>) -> Bool {
    let end = name.suffix(7).map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }
    return [".tar.gz", ".tgz", ".tar", ".zip"].contains { suffix in
      end.count >= suffix.utf8.count && end.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
        && name.count > suffix.utf8.count
    }
  }

  /// The kind by a file's first 512 bytes (fewer where it is shorter); nil for none of these.
  init?(beginning: [UInt8]) {
    if beginning.starts(with: [0x50, 0x4B, 3, 4]) || beginning.starts(with: [0x50, 0x4B, 5, 6]) {
      self = .zip
    } else if beginning.starts(with: [0x1F, 0x8B]) {
      self = .gzippedTar
    } else if Self.isTarHeader(beginning) {
      self = .tar
    } else {
      return nil
    }
  }

  /// A tar header's checksum: the sum of its bytes with the checksum itself as blanks. Old tars have no other mark.
  private static func isTarHeader(_ block: [UInt8]) -> Bool {
    guard block.count == 512 else { return false }
    var said = 0
    for byte in block[148..<156] where (0x30...0x37).contains(byte) { said = said * 8 + Int(byte - 0x30) }
    var sum = 0
    for (index, byte) in block.enumerated() { sum += (148..<156).contains(index) ? 0x20 : Int(byte) }
    return said == sum && sum > 8 * 0x20
  }
}
