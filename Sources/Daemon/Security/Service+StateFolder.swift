internal import Configuration
internal import Errors
internal import Files
internal import Intake
internal import Jobs

extension ErrorCode {
  /// Others than its owner may enter the state folder.
  static let statePermissions = ErrorCode("E_STATE_PERMISSIONS", .configuration)
}

/// The state folder holds copies of studies and the record, with names: it is for the daemon's user alone.
extension Service {
  /// - Throws: `E_STATE_PERMISSIONS` for a folder whose mode lets others in.
  func checkStatePermissions() throws {
    guard configuration.statePermissions == .ownerOnly, let mode = PrivateFolder.mode(of: layout.state),
      PrivateFolder.isOpen(mode)
    else { return }
    let path = String(decoding: layout.state.bytes, as: UTF8.self)
    throw StudyError(
      .statePermissions, "the state folder has mode \(String(mode, radix: 8)): others than its owner may enter it",
      file: path, hint: "chmod 0700 \(path), or state_permissions: as-found in the configuration",
      details: ["mode": String(mode, radix: 8)])
  }

  /// Takes from what older versions or somebody's umask left in the state folder what it gives to others.
  ///
  /// - Returns: how much that was, for the record; nil where there was nothing.
  func tightenState() -> [String: String]? {
    guard configuration.statePermissions == .ownerOnly,
      let (files, folders) = try? PrivateFolder.tighten(layout.state), files + folders > 0
    else { return nil }
    log.warning("\(files) files and \(folders) folders of the state folder could be read by others; no longer")
    return ["files": String(files), "folders": String(folders)]
  }
}
