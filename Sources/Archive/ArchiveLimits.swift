/// Limits for the archives of one study.
package struct ArchiveLimits: Sendable, Equatable {
  /// Files and folders.
  package var entries = 20_000
  /// Bytes of all files.
  package var bytes: Int64 = 16 << 30
  /// Bytes of all files per byte of archive.
  package var ratio: Int64 = 100
  /// Below this number of bytes the ratio is not checked: a label map alone compresses 1000 : 1.
  package var ratioFloor: Int64 = 512 << 20
  /// Bytes of one name.
  package var nameBytes = 4096

  package init() {}

  /// Bytes that an archive of a given size may expand to, including headers and padding.
  func stream(of size: Int64) -> Int64 {
    let (most, overflow) = size.multipliedReportingOverflow(by: ratio)
    let allowed = min(bytes, max(ratioFloor, overflow ? .max : most))
    // A header and padding of 1 KiB per entry, and extended headers.
    return allowed.addingReportingOverflow(Int64(entries) * 8192 + (1 << 20)).partialValue
  }
}

/// Amounts used so far: one study may contain several archives.
package struct ArchiveUse: Sendable, Equatable {
  package internal(set) var entries = 0
  package internal(set) var bytes: Int64 = 0

  package init() {}
}
