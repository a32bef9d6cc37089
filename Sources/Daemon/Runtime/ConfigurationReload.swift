internal import Configuration
internal import Errors
internal import Files
internal import Foundation
internal import Glibc
internal import Hashing
internal import Intake

/// Reads the configuration again (SIGHUP), and keeps it as it was read.
enum ConfigurationReload {
  /// - Throws: for a file that is wrong, or with keys that only a start can change.
  static func read(_ path: String, after old: Configuration) throws(StudyError) -> Configuration {
    let next = try Configuration.load(path)
    try requireUnmoved(old, next)
    return next
  }

  /// - Throws: `E_CONFIG` naming keys that a running service cannot change.
  private static func requireUnmoved(_ old: Configuration, _ new: Configuration) throws(StudyError) {
    let fixed: [(String, Bool)] = [
      ("inbox", old.inbox == new.inbox), ("outbox", old.outbox == new.outbox), ("state", old.state == new.state),
      ("done", old.done == new.done), ("failed", old.failed == new.failed), ("status", old.status == new.status),
      ("metrics_socket", old.metricsSocket == new.metricsSocket), ("sandbox", old.sandbox == new.sandbox),
      ("state_permissions", old.statePermissions == new.statePermissions),
    ]
    let moved = fixed.filter { !$0.1 }.map(\.0)
    guard moved.isEmpty else {
      throw StudyError(
        .configuration, "a running daemon cannot change \(moved.joined(separator: ", "))", hint: "restart the service")
    }
  }

  /// Loads the files that the configuration names; not on the daemon's thread, because a share may not answer.
  ///
  /// - Returns: why it cannot be used; nil where it can.
  static func fault(
    _ next: Configuration, _ layout: Layout, _ check: @Sendable (Configuration) throws -> Void
  ) -> StudyError? {
    do {
      try requireFolders([
        ("inbox", layout.inbox), ("outbox", layout.outbox), ("state", layout.state), ("done", layout.done),
        ("failed", layout.failed), ("status", layout.status),
      ])
      try check(next)
      return nil
    } catch let error as StudyError {
      return error
    } catch {
      return StudyError(.configuration, "\(error)")
    }
  }

  /// - Throws: `E_CONFIG` naming a folder that cannot be entered.
  private static func requireFolders(_ folders: [(key: String, path: Path)]) throws(StudyError) {
    for (key, path) in folders {
      var about = stat()
      var code: Int32 = 0
      if path.withCString({ stat($0, &about) }) != 0 {
        code = errno
      } else if about.st_mode & S_IFMT != S_IFDIR {
        code = ENOTDIR
      } else if path.withCString({ access($0, R_OK | X_OK) }) != 0 {
        code = errno
      }
      guard code == 0 else {
        throw StudyError(
          .configuration, "\(key): the folder cannot be used: \(String(cString: strerror(code)))",
          file: String(decoding: path.bytes, as: UTF8.self), hint: "make or mount it")
      }
    }
  }

  /// Keeps the configuration as it was read: workers use that text, whatever happens to the file meanwhile.
  ///
  /// - Parameter removesOlder: no worker runs that may still read an older copy.
  /// - Returns: the copy's path; nil for a configuration without a file.
  static func snapshot(
    _ configuration: Configuration, _ layout: Layout, _ operations: any FileOperations, removesOlder: Bool
  ) throws -> String? {
    guard configuration.path != nil else { return nil }
    let name = "configuration-\(sha256(configuration.text).prefix(16)).yaml"
    let place = layout.state / name
    if place.withCString({ access($0, F_OK) }) != 0 {
      let draft = layout.state / "configuration.tmp"
      try operations.remove(draft)
      try operations.write(Array(configuration.text.utf8), to: draft, mode: 0o600)
      try operations.rename(draft, to: place)
    }
    let state = String(decoding: layout.state.bytes, as: UTF8.self)
    let files = removesOlder ? (try? FileManager.default.contentsOfDirectory(atPath: state)) ?? [] : []
    for file in files where file.hasPrefix("configuration-") && file.hasSuffix(".yaml") && file != name {
      try operations.remove(layout.state / file)
    }
    return String(decoding: place.bytes, as: UTF8.self)
  }
}
