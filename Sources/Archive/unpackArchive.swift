internal import CArchive
package import Errors

/// Unpacks the regular files of an archive into a folder, under generated names: `000001`, `000002`, ...
///
/// Names in the archive, its links, owners, modes and times have no effect: they cannot lead anywhere. Sizes are
/// counted while data arrive, whatever the headers state.
///
/// - Parameters:
///   - path: the archive.
///   - file: its name for messages.
///   - folder: an existing private folder.
///   - first: number of the first file.
///   - use: the share of the limits that other archives of the study have used; increased.
///   - isWanted: by name; unwanted files are skipped.
/// - Throws: `E_ARCHIVE_…`, `E_IO`.
package func unpackArchive(
  _ path: [UInt8], file: String, into folder: String, numberingFrom first: Int = 1, limits: ArchiveLimits,
  use: inout ArchiveUse, isWanted: ([UInt8]) -> Bool = { _ in true }
) throws(StudyError) -> UnpackedArchive {
  let source = try ArchiveFile(path: path, file: file, limits: limits)
  let reader = try ArchiveReader(source, limits: limits)
  var result = UnpackedArchive(kind: source.kind)
  var seen: Set<[UInt8]> = []
  var writer = MemberWriter(folder: folder, file: file, limits: limits, archiveBytes: source.size)
  var number = 0
  while let entry = try reader.next() {
    number += 1
    use.entries += 1
    guard use.entries <= limits.entries else {
      throw StudyError(
        .archiveEntries, "the archive holds more than \(limits.entries) files and folders", file: file,
        hint: "pack one study an archive, or raise archive_max_entries")
    }
    if archive_entry_is_encrypted(entry) != 0 {
      throw StudyError(.archiveEncrypted, "the archive is encrypted", file: file, hint: "pack it without a password")
    }
    let name = try MemberName.of(entry, number: number, limits: limits, file: file)
    if archive_entry_hardlink(entry) != nil || archive_entry_filetype(entry) == EntryKind.symbolicLink {
      throw StudyError(
        .archiveLink, "the archive holds a link: \(MemberName.display(name))", file: file,
        hint: "pack the files themselves (tar --dereference --hard-dereference)")
    }
    switch archive_entry_filetype(entry) {
    case EntryKind.file: break
    case EntryKind.folder: continue
    default:
      throw StudyError(
        .archiveSpecial, "the archive holds a device, a pipe or a socket: \(MemberName.display(name))", file: file,
        hint: "pack files alone")
    }
    guard isWanted(name) else {
      result.skipped.append(name)
      continue
    }
    guard seen.insert(name).inserted else {
      throw StudyError(
        .archiveDuplicate, "the archive holds two files of the name \(MemberName.display(name))", file: file,
        hint: "pack it again, each file once")
    }
    guard !ArchiveKind.isNamed(name) else {
      result.nested.append(name)
      continue
    }
    if let method = reader.method, method != "deflation", method != "uncompressed" {
      throw StudyError(
        .archiveMethod, "the archive is compressed by '\(method)'", file: file,
        hint: "pack it as an ordinary zip (deflate)")
    }
    let said = archive_entry_size_is_set(entry) != 0 ? Int64(archive_entry_size(entry)) : 0
    let stored = name6(first + result.members.count)
    let bytes = try writer.write(stored, said: said, use: &use) { (buffer) throws(StudyError) in
      try reader.read(into: buffer)
    }
    result.members.append(UnpackedArchive.Member(name: name, stored: stored, bytes: bytes))
  }
  return result
}

/// `000001`.
private func name6(_ number: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
}

/// libarchive's file types, whose macros Swift does not see.
private enum EntryKind {
  static let file: UInt32 = 0o100000
  static let folder: UInt32 = 0o040000
  static let symbolicLink: UInt32 = 0o120000
}
