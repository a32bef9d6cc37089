internal import Glibc

/// A folder that only its owner may use, with all its content.
package enum PrivateFolder {
  /// The permission bits of a folder; nil where there is none.
  package static func mode(of path: Path) -> UInt32? {
    var about = stat()
    guard path.withCString({ stat($0, &about) }) == 0, about.st_mode & S_IFMT == S_IFDIR else { return nil }
    return about.st_mode & 0o7777
  }

  /// Whether a mode gives permissions to users besides the owner.
  package static func isOpen(_ mode: UInt32) -> Bool { mode & 0o077 != 0 }

  /// Removes the permissions of the group and of others from all files and folders below a folder. Links are not
  /// followed; files of another user stay as they are.
  ///
  /// - Returns: the number of files and folders that had such permissions.
  package static func tighten(_ path: Path) throws -> (files: Int, folders: Int) {
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
