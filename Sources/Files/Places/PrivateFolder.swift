internal import Glibc

/// A folder that is for its owner alone, with all that is in it.
public enum PrivateFolder {
  /// The permission bits of a folder; nil where there is none.
  public static func mode(of path: Path) -> UInt32? {
    var about = stat()
    guard path.withCString({ stat($0, &about) }) == 0, about.st_mode & S_IFMT == S_IFDIR else { return nil }
    return about.st_mode & 0o7777
  }

  /// Whether a mode lets anybody in but the owner.
  public static func isOpen(_ mode: UInt32) -> Bool { mode & 0o077 != 0 }

  /// Takes from all files and folders below a folder what their modes give to a group or to others. Links are not
  /// followed; what another user owns stays as it is.
  ///
  /// - Returns: how many files and folders had it.
  public static func tighten(_ path: Path) throws -> (files: Int, folders: Int) {
    var count = (files: 0, folders: 0)
    // The folder itself may be a link to where it lies.
    try tighten(in: OpenFolder(path / "."), depth: 0, &count)
    return count
  }

  private static func tighten(in folder: consuming OpenFolder, depth: Int, _ count: inout (files: Int, folders: Int))
    throws
  {
    guard depth < 256 else { return }
    for entry in try folder.entries() where entry.kind == S_IFREG || entry.kind == S_IFDIR {
      if isOpen(entry.about.st_mode) {
        let code = Path(bytes: entry.name.bytes).withCString {
          fchmodat(folder.descriptor, $0, entry.about.st_mode & 0o700, 0)
        }
        if code == 0 {
          if entry.kind == S_IFREG { count.files += 1 } else { count.folders += 1 }
        }
      }
      if entry.kind == S_IFDIR, let below = try folder.folder(entry.name) {
        try tighten(in: below, depth: depth + 1, &count)
      }
    }
  }
}
