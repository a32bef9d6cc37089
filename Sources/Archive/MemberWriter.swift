internal import Errors
internal import Glibc

/// Writes files from an archive, and counts their bytes.
struct MemberWriter: ~Copyable {
  private let folder: String
  private let file: String
  private let limits: ArchiveLimits
  private let archiveBytes: Int64
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 4096)
  /// Bytes of this archive's files.
  private var unpacked: Int64 = 0

  init(folder: String, file: String, limits: ArchiveLimits, archiveBytes: Int64) {
    self.folder = folder
    self.file = file
    self.limits = limits
    self.archiveBytes = archiveBytes
  }

  deinit { buffer.deallocate() }

  /// - Parameter said: the size that the archive states, refused before a byte is written where it is too large.
  /// - Returns: the bytes written.
  /// - Throws: `E_ARCHIVE_SIZE`, `E_ARCHIVE_RATIO`, `E_IO`, and the errors of `read`.
  mutating func write(
    _ name: String, said: Int64, use: inout ArchiveUse,
    _ read: (UnsafeMutableRawBufferPointer) throws(StudyError) -> Int
  ) throws(StudyError) -> Int64 {
    try check(more: max(0, said), use)
    let output = open("\(folder)/\(name)", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard output >= 0 else { throw failure() }
    defer { close(output) }
    var total: Int64 = 0
    while true {
      let count = try read(buffer)
      if count == 0 { return total }
      try check(more: Int64(count), use)
      total += Int64(count)
      unpacked += Int64(count)
      use.bytes += Int64(count)
      var done = 0
      while done < count {
        let written = Glibc.write(output, buffer.baseAddress! + done, count - done)
        if written < 0 {
          if errno == EINTR { continue }
          throw failure()
        }
        done += written
      }
    }
  }

  private func check(more: Int64, _ use: ArchiveUse) throws(StudyError) {
    let (sum, overflow) = use.bytes.addingReportingOverflow(more)
    guard !overflow, sum <= limits.bytes else {
      throw StudyError(
        .archiveSize, "the archive unpacks to more than \(limits.bytes >> 20) MiB", file: file,
        hint: "pack one study an archive, or raise archive_max_mb")
    }
    let own = unpacked + more
    let (most, huge) = archiveBytes.multipliedReportingOverflow(by: limits.ratio)
    guard own <= limits.ratioFloor || huge || own <= most else {
      throw StudyError(
        .archiveRatio, "the archive unpacks to more than \(limits.ratio) times its size", file: file,
        hint: "no CT does; if it is one, drop its folder or raise archive_max_ratio")
    }
  }

  private func failure() -> StudyError {
    StudyError(
      .io, "cannot unpack the archive: \(String(cString: strerror(errno)))", file: file,
      hint: "check the free space of the folder for temporary files")
  }
}
