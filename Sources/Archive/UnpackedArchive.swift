/// The result of unpacking an archive.
package struct UnpackedArchive: Sendable {
  /// A file.
  package struct Member: Sendable, Equatable {
    /// Its name in the archive, as bytes: to show and to compare, never to open.
    package var name: [UInt8]
    /// Its name in the folder into which it was unpacked.
    package var stored: String
    package var bytes: Int64
  }

  package var kind: ArchiveKind
  package var members: [Member] = []
  /// Names of files that were skipped because the caller did not want them.
  package var skipped: [[UInt8]] = []
  /// Names of archives in the archive, which are not opened.
  package var nested: [[UInt8]] = []
}
