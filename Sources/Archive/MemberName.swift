internal import CArchive
internal import Errors

/// The checked name of an entry. It is never used as a path.
enum MemberName {
  /// - Throws: `E_ARCHIVE_NAME`, `E_ARCHIVE_PATH`.
  static func of(_ entry: OpaquePointer, number: Int, limits: ArchiveLimits, file: String) throws(StudyError) -> [UInt8]
  {
    guard let text = archive_entry_pathname(entry) ?? archive_entry_pathname_utf8(entry) else {
      throw StudyError(.archiveName, "entry \(number) of the archive has no name", file: file, hint: "pack it again")
    }
    var bytes: [UInt8] = []
    var next = text
    while next.pointee != 0, bytes.count <= limits.nameBytes {
      bytes.append(UInt8(bitPattern: next.pointee))
      next += 1
    }
    guard !bytes.isEmpty, bytes.count <= limits.nameBytes else {
      throw StudyError(
        .archiveName, "entry \(number) of the archive has \(bytes.isEmpty ? "an empty" : "an overlong") name",
        file: file,
        hint: "pack it again with shorter names")
    }
    // Windows programs write backslashes and drives.
    let separators: Set<UInt8> = [0x2F, 0x5C]
    let parts = bytes.split(whereSeparator: separators.contains)
    let isDrive = bytes.count >= 2 && bytes[1] == 0x3A && (bytes.count == 2 || separators.contains(bytes[2]))
    guard !separators.contains(bytes[0]), !isDrive, !parts.contains([0x2E, 0x2E]) else {
      throw StudyError(
        .archivePath, "entry \(number) of the archive has a name that leads out of it: \(display(bytes))", file: file,
        hint: "pack the study's folder itself, with names below it")
    }
    // `./a//b` is `a/b`.
    let clean = bytes.split(separator: 0x2F).filter { $0 != [0x2E] }
    return Array(clean.joined(separator: [0x2F]))
  }

  /// The name for messages.
  static func display(_ name: [UInt8]) -> String { String(decoding: name.prefix(200), as: UTF8.self) }
}
