internal import Errors
internal import Glibc

/// An archive, open to read: a descriptor, its size, and its kind by content.
struct ArchiveFile: ~Copyable {
  let descriptor: Int32
  let size: Int64
  let kind: ArchiveKind
  /// For messages.
  let file: String

  /// - Throws: `E_IO`, `E_ARCHIVE_FORMAT`, `E_ARCHIVE_ENTRIES`, and `E_ARCHIVE_TRUNCATED` where the end is not an
  ///   archive's: an unfinished copy is detected without reading it.
  init(path: [UInt8], file: String, limits: ArchiveLimits) throws(StudyError) {
    let descriptor = (path.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer {
      open($0.baseAddress!, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    }
    var about = stat()
    guard descriptor >= 0, fstat(descriptor, &about) == 0, about.st_mode & S_IFMT == S_IFREG else {
      let cause = errno
      if descriptor >= 0 { close(descriptor) }
      throw StudyError(
        .io, "cannot open the archive: \(String(cString: strerror(cause)))", file: file,
        hint: "check that it is a readable file")
    }
    let size = Int64(about.st_size)
    let kind: ArchiveKind
    do throws(StudyError) {
      kind = try Self.kind(descriptor, size, file)
      if kind == .zip { try ZipEnd.find(descriptor, size, file).check(limits, file) }
    } catch {
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
    self.size = size
    self.kind = kind
    self.file = file
  }

  deinit { close(descriptor) }

  private static func kind(_ descriptor: Int32, _ size: Int64, _ file: String) throws(StudyError) -> ArchiveKind {
    let beginning = descriptor.bytes(at: 0, 512)
    guard let kind = ArchiveKind(beginning: beginning) else {
      if beginning.allSatisfy({ $0 == 0 }) { throw truncated("the archive holds nothing yet", file) }
      throw StudyError(
        .archiveFormat, "the file is named like an archive and is not a zip, tar or tar.gz", file: file,
        hint: "pack the study as zip, tar or tar.gz, or drop its folder")
    }
    // A tar ends with two blocks of zeros. Gzip has a trailer, which only reading can check; for zip see `ZipEnd`.
    if kind == .tar {
      let tail = descriptor.bytes(at: max(0, size - 1024), 1024)
      guard size % 512 == 0, tail.count == 1024, tail.allSatisfy({ $0 == 0 }) else {
        throw truncated("the tar has no end", file)
      }
    }
    return kind
  }

  static func truncated(_ what: String, _ file: String) -> StudyError {
    StudyError(
      .archiveTruncated, "\(what): the copy was cut, or is still under way", file: file, hint: "copy it again")
  }
}

extension Int32 {
  /// Bytes of this open file; fewer where it ends.
  func bytes(at offset: Int64, _ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(self, buffer.baseAddress! + filled, count - filled, off_t(offset) + filled)
        if got < 0, errno == EINTR { continue }
        if got <= 0 { return }
        filled += got
      }
    }
  }
}
