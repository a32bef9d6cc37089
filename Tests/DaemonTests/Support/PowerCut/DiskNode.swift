import Files
import Foundation
import Intake

/// A file or folder as two hold it: the kernel, which shows what was done, and the disk, which has what was synced.
final class DiskNode {
  let isFolder: Bool
  /// Its permissions: the disk keeps them with it from the beginning.
  let mode: Int
  /// A file's bytes, and those that are on disk; nil where it was never synced.
  var content: [UInt8] = []
  var synced: [UInt8]?
  /// A folder's entries, and those that are on disk.
  var entries: [FileName: DiskNode] = [:]
  var syncedEntries: [FileName: DiskNode] = [:]

  /// What was just made at a path.
  init(made path: String, isFolder: Bool) throws {
    self.isFolder = isFolder
    mode = try Self.mode(of: path)
    if !isFolder { content = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }
  }

  /// What lies at a path and is on disk with all it holds.
  init(durable path: String) throws {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw CocoaError(.fileNoSuchFile)
    }
    isFolder = isDirectory.boolValue
    mode = try Self.mode(of: path)
    guard isFolder else {
      content = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      synced = content
      return
    }
    for name in try FileManager.default.contentsOfDirectory(atPath: path) {
      entries[FileName(name)!] = try DiskNode(durable: path + "/" + name)
    }
    syncedEntries = entries
  }

  private static func mode(of path: String) throws -> Int {
    guard let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int else {
      throw CocoaError(.fileReadUnknown)
    }
    return mode
  }

  /// As after fsync(2): a file's bytes, a folder's names; not what lies in the folder.
  func sync() { if isFolder { syncedEntries = entries } else { synced = content } }

  /// As after syncfs(2).
  func syncAll() {
    sync()
    for node in entries.values { node.syncAll() }
  }

  /// As after removing a folder entry by entry.
  func empty() {
    for node in entries.values { node.empty() }
    entries = [:]
  }
}
