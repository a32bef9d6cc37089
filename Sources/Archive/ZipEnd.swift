internal import Errors

/// The end of a zip: where its directory is. Without it the zip is truncated; with an excessive directory it is not
/// opened, because libarchive keeps the directory in memory.
struct ZipEnd {
  /// Bytes from the directory's start to its end.
  private let directory: Int64

  /// - Throws: `E_ARCHIVE_TRUNCATED`.
  static func find(_ descriptor: Int32, _ size: Int64, _ file: String) throws(StudyError) -> ZipEnd {
    // The record of 22 bytes and a comment of at most 65,535.
    let start = max(0, size - 65_557)
    let tail = descriptor.bytes(at: start, 65_557)
    var index = tail.count - 22
    while index >= 0 {
      if tail[index...].starts(with: [0x50, 0x4B, 5, 6]), index + 22 + number(tail, index + 20, 2) <= tail.count {
        return ZipEnd(descriptor, record: Array(tail[index..<index + 22]), at: start + Int64(index))
      }
      index -= 1
    }
    throw ArchiveFile.truncated("the zip has no end", file)
  }

  private init(_ descriptor: Int32, record: [UInt8], at place: Int64) {
    let offset = Int64(Self.number(record, 16, 4))
    directory = Self.largeDirectory(descriptor, before: place) ?? max(place - offset, 0)
  }

  /// Zip64: a locator of 20 bytes before the record names a larger record.
  private static func largeDirectory(_ descriptor: Int32, before place: Int64) -> Int64? {
    guard place >= 20 else { return nil }
    let locator = descriptor.bytes(at: place - 20, 20)
    guard locator.count == 20, locator.starts(with: [0x50, 0x4B, 6, 7]),
      let record = Int64(exactly: large(locator, 8)), record < place
    else { return nil }
    let bytes = descriptor.bytes(at: record, 56)
    guard bytes.count == 56, bytes.starts(with: [0x50, 0x4B, 6, 6]), let begin = Int64(exactly: large(bytes, 48)) else {
      return nil
    }
    return max(record - begin, 0)
  }

  /// - Throws: `E_ARCHIVE_ENTRIES`.
  func check(_ limits: ArchiveLimits, _ file: String) throws(StudyError) {
    // An entry has 46 bytes and its name; one kibibyte is generous.
    guard directory <= Int64(limits.entries) * 1024 + 65_536 else {
      throw StudyError(
        .archiveEntries,
        "the zip's directory has \(directory >> 20) MiB: more than \(limits.entries) files and folders",
        file: file, hint: "pack one study an archive, or raise archive_max_entries")
    }
  }

  private static func number(_ bytes: [UInt8], _ at: Int, _ count: Int) -> Int {
    (0..<count).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
  }

  private static func large(_ bytes: [UInt8], _ at: Int) -> UInt64 {
    (0..<8).reduce(0) { $0 | UInt64(bytes[at + $1]) << UInt64(8 * $1) }
  }
}
