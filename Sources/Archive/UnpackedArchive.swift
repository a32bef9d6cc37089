/// What was taken out of an archive.
public struct UnpackedArchive: Sendable {
  /// A file.
  public struct Member: Sendable, Equatable {
    /// Its name in the archive, as bytes: to show and to compare, never to open.
    public var name: [UInt8]
    /// Its name in the folder it was unpacked into.
    public var stored: String
    public var bytes: Int64
  }

  public var kind: ArchiveKind
  public var members: [Member] = []
  /// Names of files that were left in the archive because nobody wanted them.
  public var skipped: [[UInt8]] = []
  /// Names of archives in the archive, which are not opened.
  public var nested: [[UInt8]] = []
}
