internal import CArchive

/// libarchive, which unpacks zip and tar.
public enum ArchiveLibrary {
  /// `libarchive 3.6.2`.
  public static var version: String { String(cString: archive_version_string()) }
}
