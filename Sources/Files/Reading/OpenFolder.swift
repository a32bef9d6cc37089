internal import CLinux
package import Glibc

/// An open folder: what is in it is reached through its descriptor alone, so that nobody can lead us elsewhere by
/// exchanging a folder for a link between two calls.
package struct OpenFolder: ~Copyable {
  package struct Entry {
    package var name: FileName
    /// `S_IFREG`, `S_IFDIR`, …
    package var kind: UInt32
    package var about: stat
  }

  package let descriptor: Int32

  package init(owning descriptor: Int32) { self.descriptor = descriptor }

  /// Opens a folder that must not be a symbolic link itself.
  package init(_ path: Path) throws {
    descriptor = path.withCString { open($0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
    if descriptor < 0 { throw FileError("open", errno) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// A folder in this one; nil when it is gone.
  package func folder(_ name: FileName) throws -> OpenFolder? {
    let opened = Path(bytes: name.bytes).withCString { clinux_open_beneath(descriptor, $0, O_RDONLY | O_DIRECTORY) }
    if opened == -ENOENT { return nil }
    if opened < 0 { throw FileError("open", -opened) }
    return OpenFolder(owning: opened)
  }

  /// A regular file in this folder, open to read; the caller closes it.
  package func file(_ name: FileName) throws -> Int32 {
    let opened = Path(bytes: name.bytes).withCString { clinux_open_beneath(descriptor, $0, O_RDONLY) }
    if opened < 0 { throw FileError("open", -opened) }
    return opened
  }

  /// Whether this process may read an entry.
  package func mayRead(_ name: FileName) -> Bool {
    Path(bytes: name.bytes).withCString { faccessat(descriptor, $0, R_OK, AT_EACCESS) } == 0
  }

  /// What is in the folder, without `.` and `..`, in no order; what vanishes meanwhile is left out.
  package func entries(limit: Int = .max) throws -> [Entry] {
    var entries: [Entry] = []
    try forEachEntry { entry in
      if entries.count < limit { entries.append(entry) }
      return entries.count < limit
    }
    return entries
  }

  /// The same, one at a time, until the body says false.
  package func forEachEntry(_ body: (Entry) throws -> Bool) throws {
    let copy = dup(descriptor)
    guard copy >= 0, let stream = fdopendir(copy) else {
      let code = errno
      if copy >= 0 { close(copy) }
      throw FileError("list", code)
    }
    defer { closedir(stream) }
    rewinddir(stream)
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        if errno != 0 { throw FileError("list", errno) }
        break
      }
      let bytes = withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      guard let name = FileName(bytes) else { continue }
      var about = stat()
      guard Path(bytes: bytes).withCString({ fstatat(descriptor, $0, &about, AT_SYMLINK_NOFOLLOW) }) == 0 else {
        continue
      }
      guard try body(Entry(name: name, kind: about.st_mode & S_IFMT, about: about)) else { return }
    }
  }
}
