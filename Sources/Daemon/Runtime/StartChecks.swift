internal import Configuration
internal import Errors
internal import Files
internal import Glibc
internal import Intake
internal import Jobs
internal import Sandbox

extension ErrorCode {
  /// The state folder lies on a network file system.
  static let stateRemote = ErrorCode("E_STATE_REMOTE", .configuration)
  /// The inbox is not the one that was served: it has lost its marker, or has another's.
  static let inboxMarker = ErrorCode("E_INBOX_MARKER", .configuration)
  /// No room for private copies of studies.
  static let noSpace = ErrorCode("E_NO_SPACE", .temporary)
  /// Users besides its owner may enter the state folder.
  static let statePermissions = ErrorCode("E_STATE_PERMISSIONS", .configuration)
  /// A worker tried an operation for which its sandbox ends a process.
  static let sandboxViolation = ErrorCode("E_SANDBOX_VIOLATION", .internal)
}

/// Checks before a daemon begins: its folders and the sandbox of its workers.
struct StartChecks {
  private let configuration: Configuration
  private let options: ServiceOptions
  private let layout: Layout

  init(_ configuration: Configuration, _ options: ServiceOptions, _ layout: Layout) {
    self.configuration = configuration
    self.options = options
    self.layout = layout
  }

  /// The sandbox workers will get, for the log and the record.
  ///
  /// - Throws: `E_SANDBOX` where it is required and the kernel has none.
  func sandbox() throws -> String {
    try Sandbox.check(configuration.sandbox, available: options.sandbox)
    let level = configuration.sandbox == .off ? "off" : options.sandbox.description
    if configuration.sandbox != .off, !options.sandbox.isComplete {
      options.log.warning("the kernel confines workers in part only: sandbox \(level)")
    } else {
      options.log.info("sandbox \(level)")
    }
    return level
  }

  /// `state`, `inbox` and `outbox` are synced and walked by their own names, which follows no link: refused before any
  /// folder is made behind one.
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
  func stateFolder() throws {
    // The folder need not be there yet; then its parent will do.
    var path = layout.state
    while path.withCString({ access($0, F_OK) }) != 0, path.bytes.count > 1 { path = path.parent }
    guard let kind = options.fileSystem(path), kind.isRemote else { return }
    throw StudyError(
      .stateRemote, "the state folder is on \(kind.name), a file system of the network",
      file: String(decoding: layout.state.bytes, as: UTF8.self),
      hint: "name a folder on a local disk after state: the database and the lock need it")
  }

  /// The state folder holds copies of studies and the record, with names: it is for the daemon's user alone.
  ///
  /// - Throws: `E_STATE_PERMISSIONS` for a folder whose mode lets others in.
  func statePermissions() throws {
    guard configuration.statePermissions == .ownerOnly, let mode = PrivateFolder.mode(of: layout.state),
      PrivateFolder.isOpen(mode)
    else { return }
    let path = String(decoding: layout.state.bytes, as: UTF8.self)
    throw StudyError(
      .statePermissions, "the state folder has mode \(String(mode, radix: 8)): others than its owner may enter it",
      file: path, hint: "chmod 0700 \(path), or state_permissions: as-found in the configuration",
      details: ["mode": String(mode, radix: 8)])
  }

  func makeStateFolders() throws {
    do {
      try layout.makeStateFolders(options.operations)
    } catch let error as FileError {
      throw StudyError(.io, "the state folder cannot be made: \(error)", hint: "check its parent and permissions")
    }
  }

  /// Removes permissions of others in the state folder that older versions or a umask left there.
  ///
  /// - Returns: the number of files, for the record; nil where there was none.
  func tightenState() -> [String: String]? {
    guard configuration.statePermissions == .ownerOnly,
      let (files, folders) = try? PrivateFolder.tighten(layout.state), files + folders > 0
    else { return nil }
    options.log.warning("\(files) files and \(folders) folders of the state folder could be read by others; no longer")
    return ["files": String(files), "folders": String(folders)]
  }

  /// Makes the folders, after making sure that the inbox is the one that was served before: the folder below a share
  /// that is not mounted must not be mistaken for an empty inbox, nor results be hidden there.
  ///
  /// - Returns: whether the inbox is read-only.
  /// - Throws: `E_INBOX_MARKER`, `E_IO`.
  func makeFolders() throws -> Bool {
    let marker = InboxMarker(layout, options.operations)
    let isReadOnly = options.isReadOnly(layout.inbox)
    do {
      switch try marker.find(isReadOnly: isReadOnly) {
      case .new, .known: break
      case .absent:
        throw wrongInbox("the inbox has lost its marker \(InboxMarker.name): it is not mounted, or a new one")
      case .foreign: throw wrongInbox("the inbox has the marker of another installation")
      }
      try layout.makeFolders(options.operations, except: options.isReadOnly)
      try marker.make(isReadOnly: isReadOnly)
    } catch let error as FileError {
      throw StudyError(
        .io, "a folder of the daemon cannot be made: \(error)", hint: "check the folders' parents and permissions")
    }
    return isReadOnly
  }

  private func wrongInbox(_ message: String) -> StudyError {
    StudyError(
      .inboxMarker, message, file: String(decoding: layout.inbox.bytes, as: UTF8.self),
      hint: "mount the share; if this is to be the inbox from now on, put an empty file \(InboxMarker.name) into it")
  }
}
