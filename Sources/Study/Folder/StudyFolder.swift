package import Archive
internal import DICOM
internal import Errors
internal import Files
internal import Foundation
internal import Glibc

/// A study's files: those of a folder, and those of the archives in it, which stay unpacked while this is used.
///
/// A study may also be one archive. A file in an archive has the archive's path before its own: `ct.zip/IM0001`. Only
/// archives by name are opened (`.zip`, `.tar`, `.tar.gz`, `.tgz`), and none inside another.
package struct StudyFolder: Sendable {
  /// An archive of the study.
  struct OpenedArchive: Sendable {
    let file: StudyFile
    let kind: ArchiveKind
    let members: Int
    let nested: [String]
  }

  package let path: String
  let files: [StudyFile]
  let skipped: [RelativePath]
  let archives: [OpenedArchive]
  private let scratch: String?

  /// - Parameters:
  ///   - path: a folder, or an archive.
  ///   - scratch: an existing private folder to unpack in; nil uses the system's folder for temporary files.
  /// - Throws: `E_NOT_FOUND`, `E_IO`, `E_LIMIT`, `E_ARCHIVE_…`.
  package init(_ path: String, archives limits: ArchiveLimits = ArchiveLimits(), scratch: String? = nil) throws {
    try self.init(Array(path.utf8), archives: limits, scratch: scratch)
  }

  /// The same for a path that need not be text.
  init(_ path: [UInt8], archives limits: ArchiveLimits, scratch parent: String?) throws {
    self.path = RelativePath(bytes: path).display
    let listed = try Self.list(path)
    let packed = listed.files.filter { ArchiveKind.isNamed($0.name.lastComponent) }
    guard !packed.isEmpty else {
      (files, skipped, archives, scratch) = (listed.files, listed.skipped, [], nil)
      return
    }
    var files = listed.files.filter { !ArchiveKind.isNamed($0.name.lastComponent) }
    var skipped = listed.skipped
    var archives: [OpenedArchive] = []
    let scratch = try Self.makeScratch(in: parent)
    self.scratch = scratch
    do {
      var use = ArchiveUse()
      var count = 0
      for file in packed {
        let unpacked = try unpackArchive(
          file.folder + [0x2F] + file.name.bytes, file: file.display, into: scratch, numberingFrom: count + 1,
          limits: limits, use: &use, isWanted: { !RelativePath(bytes: $0).isJunk })
        count += unpacked.members.count
        files += unpacked.members.map { member in
          StudyFile(
            folder: Array(scratch.utf8), name: file.name.appending(member.name), stored: RelativePath(member.stored))
        }
        skipped += (unpacked.skipped + unpacked.nested).map { file.name.appending($0) }
        archives.append(
          OpenedArchive(
            file: file, kind: unpacked.kind, members: unpacked.members.count,
            nested: unpacked.nested.map { RelativePath(bytes: $0).display }))
      }
    } catch {
      try? FileManager.default.removeItem(atPath: scratch)
      throw error
    }
    self.files = files.sorted { $0.name < $1.name }
    self.skipped = skipped
    self.archives = archives
  }

  /// Removes unpacked files: files of archives can no longer be read.
  package func discard() {
    if let scratch { try? FileManager.default.removeItem(atPath: scratch) }
  }

  /// As `scanStudy` of a folder.
  func scan(threads: Int) throws -> StudyScan { try scanStudy(files: files, skipped: skipped, threads: threads) }

  /// Notes for the reader of the result.
  var notes: [Note] {
    archives.filter { !$0.nested.isEmpty }.map {
      Note(
        code: "ARCHIVE_NESTED",
        message: "archives in \($0.file.display) were not opened: \($0.nested.prefix(10).joined(separator: ", "))")
    }
  }

  /// Where there is no series, it may be in an archive inside an archive.
  ///
  /// - Throws: `E_ARCHIVE_NESTED`.
  func requireNoNested() throws {
    guard let archive = archives.first(where: { !$0.nested.isEmpty }) else { return }
    throw StudyError(
      .archiveNested,
      "the archive holds archives, which are not opened: \(archive.nested.prefix(10).joined(separator: ", "))",
      file: archive.file.display, hint: "unpack them, and pack or drop the study itself")
  }

  private static func list(_ bytes: [UInt8]) throws -> (files: [StudyFile], skipped: [RelativePath]) {
    var about = stat()
    let found = (bytes.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { stat($0.baseAddress!, &about) }
    guard found == 0, about.st_mode & S_IFMT == S_IFREG else { return try listStudy(bytes) }
    let slash = bytes.lastIndex(of: 0x2F)
    let name = RelativePath(bytes: Array(bytes[(slash.map { $0 + 1 } ?? 0)...]))
    guard ArchiveKind.isNamed(name.bytes) else { return try listStudy(bytes) }
    let folder = slash.map { $0 == 0 ? Array("/.".utf8) : Array(bytes[..<$0]) } ?? [0x2E]
    return ([StudyFile(folder: folder, name: name)], [])
  }

  private static func makeScratch(in parent: String?) throws -> String {
    let parent = parent ?? NSTemporaryDirectory()
    var template = Array((parent + "/radiomicsd-unpacked-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else {
      throw StudyError(
        .io, "cannot make a folder to unpack archives in: \(String(cString: strerror(errno)))", file: parent,
        hint: "check TMPDIR and its free space")
    }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

extension StudyFile {
  /// Whether it is at the top of its archive, or in a folder there.
  var isAtTopOfArchive: Bool {
    let parts = name.bytes.split(separator: 0x2F)
    guard let archive = parts.firstIndex(where: { ArchiveKind.isNamed($0) }) else { return false }
    return parts.count - archive <= 3
  }
}
