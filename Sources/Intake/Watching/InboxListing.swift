internal import Glibc

/// The top of the inbox: one folder or archive a study, and what lies there by mistake.
public struct InboxListing: Sendable {
  public var studies: [FileName] = []
  /// Those of the studies that are archives.
  public var archives: Set<FileName> = []
  /// Those of the studies that hold a `study.yaml`, which may ask for priority.
  public var withChoices: Set<FileName> = []
  /// Things that are neither; they are never taken.
  public var strays: [FileName] = []
  /// Device and inode of the inbox: another pair is another folder, perhaps the empty place below a lost mount.
  public var identity: Identity

  public struct Identity: Sendable, Equatable {
    public var device: UInt
    public var inode: UInt
  }

  /// Lists the inbox. Hidden entries and junk are left out.
  ///
  /// - Throws: `FileError` when it cannot be opened or read.
  public init(_ inbox: Path) throws {
    let folder = try OpenFolder(inbox)
    var about = stat()
    guard fstat(folder.descriptor, &about) == 0 else { throw FileError("stat", errno) }
    identity = Identity(device: about.st_dev, inode: about.st_ino)
    for entry in try folder.entries() where entry.name.bytes[0] != 0x2E && !entry.name.isJunk {
      if entry.kind == S_IFDIR {
        studies.append(entry.name)
        let choices = Path(bytes: entry.name.bytes + Array("/study.yaml".utf8))
        if choices.withCString({ faccessat(folder.descriptor, $0, F_OK, 0) }) == 0 { withChoices.insert(entry.name) }
      } else if entry.kind == S_IFREG, entry.name.archiveTitle != nil {
        studies.append(entry.name)
        archives.insert(entry.name)
      } else if !entry.name.isInProgress {
        strays.append(entry.name)
      }
    }
  }
}
