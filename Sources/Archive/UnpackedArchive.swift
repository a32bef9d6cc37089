/// The result of unpacking an archive.
public struct UnpackedArchive: Sendable {
  /// A file.
  public struct Member: Sendable, Equatable {
    /// Its name in the archive, as bytes: to show and to compare, never to open.
    public var name: [UInt8]
    /// Its name in the folder into which it was unpacked.
    public var stored: String
    public var bytes: Int64
  }

  public var kind: ArchiveKind
  public var members: [Member] = []
  /// Names of files that were skipped because the caller did not want them.
  public var skipped: [[UInt8]] = []
  /// Names of archives in the archive, which are not opened.
  public var nested: [[UInt8]] = []
}
