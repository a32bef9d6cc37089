package import Files
internal import Glibc

/// A file that the medium does not return. The description is for the log and has no name in it.
package struct UnreadableFile: Error, Sendable, CustomStringConvertible {
  /// Its path in the study.
  package var path: [UInt8]
  package var error: FileError

  package var description: String { error.description }
  /// The path for people.
  package var display: String { FileName.display(path: path) }
}

/// Copies a folder with all its content: regular files and folders only, without following a link.
struct TreeCopy {
  private let operations: any FileOperations
  private let mode: UInt32
  private let folderMode: UInt32
  private let skipsSpecial: Bool
  private let accept: (FileName, Int) -> Bool

  /// - Parameters:
  ///   - skipsSpecial: leave out links, pipes and devices instead of refusing them.
  ///   - accept: which entries are copied, by name and depth; the top has depth 0.
  init(
    _ operations: any FileOperations, mode: UInt32, folderMode: UInt32, skipsSpecial: Bool = false,
    accept: @escaping (FileName, Int) -> Bool = { _, _ in true }
  ) {
    self.operations = operations
    self.mode = mode
    self.folderMode = folderMode
    self.skipsSpecial = skipsSpecial
    self.accept = accept
  }

  /// - Parameter copied: called for each file with its path, its facts before and after reading, SHA-256 and size.
  func copy(
    _ source: Path, to target: Path,
    copied: ([UInt8], stat, stat, String, Int64) throws -> Void = { _, _, _, _, _ in }
  ) throws {
    try copy(try OpenFolder(source), to: target, at: [], depth: 0, copied: copied)
  }

  /// Copies a study: a folder with all its content, or one file, which is then alone in the new folder.
  func copyStudy(
    _ source: Path, to target: Path, copied: ([UInt8], stat, stat, String, Int64) throws -> Void
  ) throws {
    var about = stat()
    guard source.withCString({ lstat($0, &about) }) == 0 else { throw FileError("stat", errno) }
    guard about.st_mode & S_IFMT == S_IFREG, let name = FileName(source.name) else {
      try copy(source, to: target, copied: copied)
      return
    }
    try operations.makeFolder(target, mode: folderMode)
    try copyFile(try OpenFolder(source.parent), name, at: name.bytes, to: target, copied: copied)
  }

  private func copyFile(
    _ folder: borrowing OpenFolder, _ name: FileName, at path: [UInt8], to target: Path,
    copied: ([UInt8], stat, stat, String, Int64) throws -> Void
  ) throws {
    let descriptor: Int32
    do {
      descriptor = try folder.file(name)
    } catch let error as FileError where error.isUnreadable {
      throw UnreadableFile(path: path, error: error)
    }
    defer { close(descriptor) }
    var before = stat()
    guard fstat(descriptor, &before) == 0 else { throw FileError("stat", errno) }
    guard before.st_mode & S_IFMT == S_IFREG else { throw FileError("open", EINVAL) }
    let (sha256, bytes) = try reread(descriptor, to: target / name, path)
    var after = stat()
    guard fstat(descriptor, &after) == 0 else { throw FileError("stat", errno) }
    try copied(path, before, after, sha256, bytes)
  }

  /// A medium that fails once may not fail twice: three reads in all.
  private func reread(_ descriptor: Int32, to target: Path, _ path: [UInt8]) throws -> (sha256: String, bytes: Int64) {
    for reads in 1... {
      do {
        return try operations.copy(descriptor, to: target, mode: mode)
      } catch let error as FileError where error.isUnreadable {
        guard reads < 3 else { throw UnreadableFile(path: path, error: error) }
        try operations.remove(target)
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw FileError("seek", errno) }
      }
    }
    throw FileError("read", EIO)
  }

  private func copy(
    _ folder: consuming OpenFolder, to target: Path, at path: [UInt8], depth: Int,
    copied: ([UInt8], stat, stat, String, Int64) throws -> Void
  ) throws {
    guard depth < 256 else { throw FileError("copy", ELOOP) }
    try operations.makeFolder(target, mode: folderMode)
    let entries = try folder.entries().sorted { $0.name.bytes.lexicographicallyPrecedes($1.name.bytes) }
    for entry in entries where accept(entry.name, depth) {
      let below = path.isEmpty ? entry.name.bytes : path + [0x2F] + entry.name.bytes
      if entry.kind == S_IFDIR {
        guard let next = try folder.folder(entry.name) else { throw FileError("open", ENOENT) }
        try copy(next, to: target / entry.name, at: below, depth: depth + 1, copied: copied)
      } else if entry.kind == S_IFREG {
        try copyFile(folder, entry.name, at: below, to: target, copied: copied)
      } else if !skipsSpecial {
        throw FileError("copy", EINVAL)
      }
    }
  }
}
