internal import CArchive
internal import Errors
internal import Glibc

/// libarchive's reader, limited to the one format of the file.
final class ArchiveReader {
  private let archive: OpaquePointer
  private let gzip: GzipStream?
  private let file: String
  private let kind: ArchiveKind
  private let locale: locale_t?
  private let former: locale_t?

  /// - Throws: `E_ARCHIVE_FORMAT`, `E_ARCHIVE_TRUNCATED`, `E_ARCHIVE_CORRUPT`, `E_INTERNAL` without memory.
  init(_ source: borrowing ArchiveFile, limits: ArchiveLimits) throws(StudyError) {
    guard let archive = archive_read_new() else {
      throw StudyError(.internalFault, "libarchive has no memory", file: source.file)
    }
    self.archive = archive
    file = source.file
    kind = source.kind
    gzip =
      source.kind == .gzippedTar ? GzipStream(source.descriptor, limit: limits.stream(of: source.size)) : nil
    // Names in UTF-8 stay unchanged; without this libarchive turns them into question marks.
    locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)
    former = locale.map { uselocale($0) }
    let status: Int32
    switch source.kind {
    case .zip:
      // The directory at the end is authoritative: entries that a stream reader would find between the files are
      // ignored.
      archive_read_support_format_zip_seekable(archive)
      status = archive_read_open_fd(archive, source.descriptor, 1 << 17)
    case .tar:
      archive_read_support_format_tar(archive)
      status = archive_read_open_fd(archive, source.descriptor, 1 << 17)
    case .gzippedTar:
      guard let gzip else { throw StudyError(.internalFault, "zlib has no memory", file: source.file) }
      archive_read_support_format_tar(archive)
      status = archive_read_open(
        archive, Unmanaged.passUnretained(gzip).toOpaque(), nil,
        { archive, context, buffer in
          guard let context, let buffer else { return -1 }
          guard let part = Unmanaged<GzipStream>.fromOpaque(context).takeUnretainedValue().next() else {
            return Int(ARCHIVE_FATAL)
          }
          buffer.pointee = part.baseAddress
          return part.count
        }, nil)
    }
    if status != ARCHIVE_OK { throw failure("the archive cannot be opened") }
  }

  deinit {
    archive_read_free(archive)
    if let former { uselocale(former) }
    if let locale { freelocale(locale) }
  }

  /// The next entry; nil at the verified end of the archive.
  func next() throws(StudyError) -> OpaquePointer? {
    var entry: OpaquePointer?
    let status = archive_read_next_header(archive, &entry)
    switch status {
    // A warning concerns a name's characters or an attribute that is not used.
    case ARCHIVE_OK, ARCHIVE_WARN: return entry
    case ARCHIVE_EOF:
      if let gzip {
        guard gzip.finish(), gzip.trailingZeros >= 1024 else { throw gzip.isOverLimit ? tooMuch() : cut() }
      }
      return nil
    default: throw failure("the archive cannot be read")
    }
  }

  /// Bytes of the current entry: none at its end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(StudyError) -> Int {
    while true {
      let count = archive_read_data(archive, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      if count == Int(ARCHIVE_RETRY) { continue }
      throw failure("a file of the archive cannot be read")
    }
  }

  /// The compression of a zip's current entry, as libarchive names it, for example `deflation`; nil for other archives.
  var method: String? {
    guard kind == .zip, let name = archive_format_name(archive).map({ String(cString: $0) }),
      let open = name.lastIndex(of: "("), let close = name.lastIndex(of: ")"), open < close
    else { return nil }
    return String(name[name.index(after: open)..<close])
  }

  private func cut() -> StudyError {
    StudyError(
      .archiveTruncated, "the \(kind.rawValue) is cut, or its checksum is wrong", file: file, hint: "copy it again")
  }

  private func tooMuch() -> StudyError {
    StudyError(
      .archiveRatio, "the archive unpacks to too many times its size, or to too many bytes", file: file,
      hint: "no CT does; if it is one, drop its folder, or raise archive_max_ratio and archive_max_mb")
  }

  /// libarchive's error as one of this program's codes.
  private func failure(_ what: String) -> StudyError {
    if gzip?.isDamaged == true { return cut() }
    if gzip?.isOverLimit == true { return tooMuch() }
    let reason = archive_error_string(archive).map { String(cString: $0) } ?? "no reason given"
    let lower = reason.lowercased()
    let code: ErrorCode
    if lower.contains("encrypt") || lower.contains("passphrase") {
      code = .archiveEncrypted
    } else if lower.contains("truncated") {
      code = .archiveTruncated
    } else if lower.contains("unsupported") {
      code = .archiveMethod
    } else if lower.contains("unrecognized") {
      code = .archiveFormat
    } else {
      code = .archiveCorrupt
    }
    return StudyError(code, "\(what): \(reason)", file: file, hint: "pack or copy it again")
  }
}

/// libarchive, which unpacks zip and tar.
package enum ArchiveLibrary {
  /// `libarchive 3.6.2`.
  package static var version: String { String(cString: archive_version_string()) }
}
