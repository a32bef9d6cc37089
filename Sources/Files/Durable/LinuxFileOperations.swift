internal import CLinux
internal import Glibc
internal import Hashing

/// The file operations on the real disk.
package struct LinuxFileOperations: FileOperations {
  private let calls: DiskCalls

  package init(_ calls: DiskCalls = DiskCalls()) { self.calls = calls }

  package func makeFolder(_ path: Path, mode: UInt32) throws {
    guard path.withCString({ mkdir($0, mode) }) == 0 else {
      if errno == EEXIST { return }
      throw FileError("mkdir", errno)
    }
    // Gives back the bits that the umask took. The setgid bit of the folder above stays; where a service may not set
    // it, its umask is one that takes nothing.
    var about = stat()
    guard path.withCString({ lstat($0, &about) }) == 0, about.st_mode & 0o777 != mode else { return }
    _ = path.withCString { chmod($0, mode | about.st_mode & 0o7000) }
  }

  package func rename(_ from: Path, to: Path) throws {
    let code = from.withCString { from in to.withCString { clinux_rename_noreplace(from, $0) } }
    if code != 0 { throw FileError("rename", -code) }
  }

  package func remove(_ path: Path) throws {
    var about = stat()
    guard path.withCString({ lstat($0, &about) }) == 0 else {
      if errno == ENOENT { return }
      throw FileError("stat", errno)
    }
    if about.st_mode & S_IFMT == S_IFDIR {
      try removeEntries(of: path, depth: 0)
      if path.withCString(rmdir) != 0, errno != ENOENT { throw FileError("rmdir", errno) }
    } else if path.withCString(unlink) != 0, errno != ENOENT {
      throw FileError("unlink", errno)
    }
  }

  /// Goes down through open folders, so that a folder exchanged for a link leads nowhere else.
  private func removeEntries(of path: Path, depth: Int) throws {
    let descriptor = path.withCString { open($0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
    guard descriptor >= 0 else {
      if errno == ENOENT { return }
      throw FileError("open", errno)
    }
    try removeEntries(in: OpenFolder(owning: descriptor), depth: depth)
  }

  private func removeEntries(in folder: consuming OpenFolder, depth: Int) throws {
    guard depth < 256 else { throw FileError("remove", ELOOP) }
    for entry in try folder.entries() {
      let isFolder = entry.kind == S_IFDIR
      if isFolder, let below = try folder.folder(entry.name) { try removeEntries(in: below, depth: depth + 1) }
      let code = Path(bytes: entry.name.bytes).withCString {
        unlinkat(folder.descriptor, $0, isFolder ? AT_REMOVEDIR : 0)
      }
      if code != 0, errno != ENOENT { throw FileError("unlink", errno) }
    }
  }

  package func copy(_ descriptor: Int32, to path: Path, mode: UInt32) throws -> (sha256: String, bytes: Int64) {
    let output = path.withCString { open($0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode) }
    guard output >= 0 else { throw FileError("create", errno) }
    defer { close(output) }
    Self.set(mode, of: output)
    var digest = Digest(.sha256)
    var total: Int64 = 0
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 4096)
    defer { buffer.deallocate() }
    while true {
      let count = try calls.reading(descriptor, buffer)
      if count == 0 { break }
      let part = UnsafeRawBufferPointer(rebasing: buffer[..<count])
      digest.update(part)
      try calls.writing(part, to: output)
      total += Int64(count)
    }
    return (digest.finish(), total)
  }

  package func write(_ bytes: [UInt8], to path: Path, mode: UInt32) throws {
    try write(bytes, to: path, mode: mode, synced: true)
  }

  /// Writes a new file that need not survive a power cut.
  package func writeUnsynced(_ bytes: [UInt8], to path: Path, mode: UInt32) throws {
    try write(bytes, to: path, mode: mode, synced: false)
  }

  /// Sets the mode that was asked for, whatever the umask; a share that keeps no modes is left as it is.
  private static func set(_ mode: UInt32, of descriptor: Int32) {
    var about = stat()
    if fstat(descriptor, &about) == 0, about.st_mode & 0o777 != mode { fchmod(descriptor, mode) }
  }

  private func write(_ bytes: [UInt8], to path: Path, mode: UInt32, synced: Bool) throws {
    let output = path.withCString { open($0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode) }
    guard output >= 0 else { throw FileError("create", errno) }
    defer { close(output) }
    Self.set(mode, of: output)
    try bytes.withUnsafeBytes { try calls.writing($0, to: output) }
    if synced { try calls.syncing(output) }
  }

  package func sync(_ path: Path) throws {
    let descriptor = path.withCString { open($0, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) }
    guard descriptor >= 0 else { throw FileError("open", errno) }
    defer { close(descriptor) }
    do {
      try calls.syncing(descriptor)
    } catch let error as FileError where error.code == EINVAL || error.code == ENOTSUP {
      // Some network file systems cannot sync a folder; that is not an error.
    }
  }

  package func syncFileSystem(of path: Path) throws {
    let descriptor = path.withCString { open($0, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw FileError("open", errno) }
    defer { close(descriptor) }
    let code = clinux_syncfs(descriptor)
    if code != 0 { throw FileError("syncfs", -code) }
  }
}
