package import Errors

extension ErrorCode {
  /// A file is named like an archive and is not one, or is of a kind that is not read.
  package static let archiveFormat = ErrorCode("E_ARCHIVE_FORMAT", .badInput)
  /// An archive is truncated.
  package static let archiveTruncated = ErrorCode("E_ARCHIVE_TRUNCATED", .badInput)
  /// An archive's data do not expand, or their checksum differs from the stated one.
  package static let archiveCorrupt = ErrorCode("E_ARCHIVE_CORRUPT", .badInput)
  /// An archive is encrypted.
  package static let archiveEncrypted = ErrorCode("E_ARCHIVE_ENCRYPTED", .badInput)
  /// An archive uses a compression that is not read.
  package static let archiveMethod = ErrorCode("E_ARCHIVE_METHOD", .badInput)
  /// An archive contains more files and folders than are accepted.
  package static let archiveEntries = ErrorCode("E_ARCHIVE_ENTRIES", .badInput)
  /// An archive unpacks to more bytes than are accepted.
  package static let archiveSize = ErrorCode("E_ARCHIVE_SIZE", .badInput)
  /// An archive unpacks to too many times its own size.
  package static let archiveRatio = ErrorCode("E_ARCHIVE_RATIO", .badInput)
  /// An archive contains a name that leads out of it: absolute, or with `..`.
  package static let archivePath = ErrorCode("E_ARCHIVE_PATH", .badInput)
  /// An archive contains an empty or overlong name, or one with a NUL in it.
  package static let archiveName = ErrorCode("E_ARCHIVE_NAME", .badInput)
  /// An archive contains two files of one name.
  package static let archiveDuplicate = ErrorCode("E_ARCHIVE_DUPLICATE", .badInput)
  /// An archive contains a link.
  package static let archiveLink = ErrorCode("E_ARCHIVE_LINK", .badInput)
  /// An archive contains a device, a pipe or a socket.
  package static let archiveSpecial = ErrorCode("E_ARCHIVE_SPECIAL", .badInput)
}
