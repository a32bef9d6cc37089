package import Files
internal import Glibc

/// The top of the inbox, and of `urgent` in it: one folder or archive per study, and entries dropped there by mistake.
package struct InboxListing: Sendable {
  package var studies: [InboxEntry] = []
  /// Those of the studies that are archives.
  package var archives: Set<InboxEntry> = []
  /// The studies that may ask for priority: they hold a `study.yaml`, or lie in `urgent`.
  package var foremost: Set<InboxEntry> = []
  /// Entries that are neither; they are never taken.
  package var strays: [FileName] = []
  /// The folder `urgent` is there.
  package var hasUrgent = false
  /// Why `urgent` cannot be listed; the rest of the inbox is listed anyway.
  package var urgentFault: FileError?
  /// Device and inode of the inbox: another pair is another folder, perhaps the empty place below a lost mount.
  package var identity: Identity

  package struct Identity: Sendable, Equatable {
    package var device: UInt
    package var inode: UInt
  }

  /// Lists the inbox. Hidden entries and junk are left out.
  ///
  /// - Throws: `FileError` when it cannot be opened or read.
  package init(_ inbox: Path) throws {
    let folder = try OpenFolder(inbox)
    var about = stat()
    guard fstat(folder.descriptor, &about) == 0 else { throw FileError("stat", errno) }
    identity = Identity(device: about.st_dev, inode: about.st_ino)
    for entry in try folder.entries() {
      if entry.kind == S_IFDIR, entry.name == InboxEntry.urgentName {
        hasUrgent = true
        do {
          guard let urgent = try folder.folder(entry.name) else { continue }
          for below in try urgent.entries() { sort(below, in: urgent, isUrgent: true) }
        } catch let error as FileError {
          urgentFault = error
        }
      } else {
        sort(entry, in: folder, isUrgent: false)
      }
    }
  }

  private mutating func sort(_ found: OpenFolder.Entry, in folder: borrowing OpenFolder, isUrgent: Bool) {
    guard found.name.bytes[0] != 0x2E, !found.name.isJunk else { return }
    let entry = InboxEntry(found.name, isUrgent: isUrgent)
    if found.kind == S_IFDIR {
      studies.append(entry)
      let choices = ["/study.yaml", "/study.yml"].map { Path(bytes: found.name.bytes + Array($0.utf8)) }
      if isUrgent || choices.contains(where: { $0.withCString({ faccessat(folder.descriptor, $0, F_OK, 0) }) == 0 }) {
        foremost.insert(entry)
      }
    } else if found.kind == S_IFREG, found.name.archiveTitle != nil {
      studies.append(entry)
      archives.insert(entry)
      if isUrgent { foremost.insert(entry) }
    } else if !found.name.isInProgress {
      strays.append(found.name)
    }
  }

  /// The entry of a folder, `done` or `failed`, whose name is shown as `text`.
  package static func entry(of folder: Path, shown text: String) throws -> FileName? {
    try OpenFolder(folder).entries().first { $0.name.display == text }?.name
  }
}
