internal import Errors
internal import Files
internal import Glibc
internal import Intake

extension ErrorCode {
  /// The state folder lies on a file system of the network.
  static let stateRemote = ErrorCode("E_STATE_REMOTE", .configuration)
  /// The inbox is not the one that was served: it has lost its marker, or has another's.
  static let inboxMarker = ErrorCode("E_INBOX_MARKER", .configuration)
  /// No room for private copies of studies.
  static let noSpace = ErrorCode("E_NO_SPACE", .temporary)
}

/// The folders, looked at before they are used.
extension Service {
  /// `state`, `inbox` and `outbox` are synced and walked by their own names, which follows no link: said before anything is
  /// made behind one.
  ///
  /// - Throws: `E_IO`.
  func refuseLinks() throws {
    for (key, folder) in [("state", layout.state), ("inbox", layout.inbox), ("outbox", layout.outbox)] {
      var about = stat()
      guard folder.withCString({ lstat($0, &about) }) == 0, about.st_mode & S_IFMT == S_IFLNK,
        key != "inbox" || !options.isReadOnly(folder)
      else { continue }
      throw StudyError(
        .io, "the folder \(key) is a symbolic link", file: String(decoding: folder.bytes, as: UTF8.self),
        hint: "name the folder it leads to after \(key) in the configuration, or mount that folder in the link's place")
    }
  }

  /// - Throws: `E_STATE_REMOTE`.
  func checkStateFolder() throws {
    // The folder need not be there yet; then its parent will do.
    var path = layout.state
    while path.withCString({ access($0, F_OK) }) != 0, path.bytes.count > 1 { path = path.parent }
    guard let kind = options.fileSystem(path), kind.isRemote else { return }
    throw StudyError(
      .stateRemote, "the state folder is on \(kind.name), a file system of the network",
      file: String(decoding: layout.state.bytes, as: UTF8.self),
      hint: "name a folder on a local disk after state: the database and the lock need it")
  }

  /// Makes the folders, after making sure that the inbox is the one that was served before: what is below a share that is
  /// not mounted must not be taken for an empty inbox, nor results be hidden there.
  ///
  /// - Throws: `E_INBOX_MARKER`, `E_IO`.
  func makeFolders() throws {
    let marker = InboxMarker(layout, operations)
    isInboxReadOnly = options.isReadOnly(layout.inbox)
    do {
      switch try marker.find(isReadOnly: isInboxReadOnly) {
      case .new, .known: break
      case .absent:
        throw wrongInbox("the inbox has lost its marker \(InboxMarker.name): it is not mounted, or a new one")
      case .foreign: throw wrongInbox("the inbox has the marker of another installation")
      }
      try layout.makeFolders(operations, except: options.isReadOnly)
      try marker.make(isReadOnly: isInboxReadOnly)
    } catch let error as FileError {
      throw StudyError(
        .io, "a folder of the daemon cannot be made: \(error)", hint: "check the folders' parents and permissions")
    }
    isInboxRemote = options.fileSystem(layout.inbox)?.isRemote ?? false
  }

  private func wrongInbox(_ message: String) -> StudyError {
    StudyError(
      .inboxMarker, message, file: String(decoding: layout.inbox.bytes, as: UTF8.self),
      hint: "mount the share; if this is to be the inbox from now on, put an empty file \(InboxMarker.name) into it")
  }
}
