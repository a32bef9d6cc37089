import Files
import Foundation
import Intake

/// The disk, with a journal of what was synced, until operation number `point`: there the power is cut before it, and
/// nothing is done any more. `leave` then makes of the folder what a disk may hold that lost what was not synced.
///
/// Two file systems: `state`, and the shared folders. A file's content is on disk after its sync; a name after the sync
/// of its folder, and no earlier: POSIX promises no more, whatever ext4 does. SQLite is trusted with what it committed.
final class PowerCutDisk: FileOperations, @unchecked Sendable {
  private let disk = LinuxFileOperations()
  private let lock = NSLock()
  private let point: Int
  /// False for a disk that says it has synced and has not.
  private let isHonest: Bool
  let root: String
  let top: DiskNode
  private var count = 0
  private var isOff = false

  /// - Parameter root: the spool; what lies in it now is on disk.
  init(_ root: String, point: Int, isHonest: Bool = true) throws {
    self.root = root
    self.isHonest = isHonest
    self.point = point
    top = try DiskNode(durable: root)
  }

  /// Operations done.
  var operations: Int { lock.withLock { count } }
  var isCut: Bool { lock.withLock { isOff } }

  /// Does it and journals it, unless the power is off.
  private func operation<Value>(_ body: () throws -> Value) throws -> Value {
    try lock.withLock {
      if count == point { isOff = true }
      if isOff { throw SimulatedCrash() }
      count += 1
      return try body()
    }
  }

  func makeFolder(_ path: Path, mode: UInt32) throws {
    try operation {
      try disk.makeFolder(path, mode: mode)
      guard let (folder, name) = try place(path), folder.entries[name] == nil else { return }
      folder.entries[name] = try DiskNode(made: text(path), isFolder: true)
    }
  }

  func rename(_ from: Path, to: Path) throws {
    try operation {
      // Whatever came from elsewhere, as a drop does, has been on disk for long.
      let node = try known(from)
      try disk.rename(from, to: to)
      guard let (old, oldName) = try place(from), let (new, newName) = try place(to) else { return }
      old.entries[oldName] = nil
      new.entries[newName] = node
    }
  }

  func remove(_ path: Path) throws {
    try operation {
      try disk.remove(path)
      guard let (folder, name) = try place(path) else { return }
      folder.entries.removeValue(forKey: name)?.empty()
    }
  }

  func copy(_ descriptor: Int32, to path: Path, mode: UInt32) throws -> (sha256: String, bytes: Int64) {
    try operation {
      let result = try disk.copy(descriptor, to: path, mode: mode)
      try made(path)
      return result
    }
  }

  func write(_ bytes: [UInt8], to path: Path, mode: UInt32) throws {
    try operation {
      try disk.write(bytes, to: path, mode: mode)
      try made(path)
      if isHonest { try known(path)?.sync() }
    }
  }

  func sync(_ path: Path) throws {
    try operation {
      try disk.sync(path)
      if isHonest { try known(path)?.sync() }
    }
  }

  func syncFileSystem(of path: Path) throws {
    try operation {
      try disk.syncFileSystem(of: path)
      guard isHonest else { return }
      let isState = names(path).first == FileName("state")
      for (name, node) in top.entries where (name == FileName("state")) == isState { node.syncAll() }
    }
  }

  func step() throws { try operation {} }

  // MARK: The journal

  private func names(_ path: Path) -> [FileName] {
    path.bytes.dropFirst(root.utf8.count).split(separator: 0x2F).map { FileName(Array($0))! }
  }

  private func text(_ path: Path) -> String { String(decoding: path.bytes, as: UTF8.self) }

  /// A file was written.
  private func made(_ path: Path) throws {
    guard let (folder, name) = try place(path) else { return }
    folder.entries[name] = try DiskNode(made: text(path), isFolder: false)
  }

  /// The folder of a path, and the name there; nil for the top.
  private func place(_ path: Path) throws -> (DiskNode, FileName)? {
    let parts = names(path)
    guard let name = parts.last else { return nil }
    return try node(parts.dropLast()).map { ($0, name) }
  }

  private func known(_ path: Path) throws -> DiskNode? { try node(names(path)[...]) }

  private func node(_ parts: some Collection<FileName>) throws -> DiskNode? {
    var (node, path) = (top, root)
    for name in parts {
      path += "/" + String(decoding: name.bytes, as: UTF8.self)
      if node.entries[name] == nil, FileManager.default.fileExists(atPath: path) {
        node.entries[name] = try DiskNode(durable: path)
        node.syncedEntries[name] = node.entries[name]
      }
      guard let next = node.entries[name] else { return nil }
      node = next
    }
    return node
  }
}
