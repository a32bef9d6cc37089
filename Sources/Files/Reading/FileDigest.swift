internal import Glibc
internal import Hashing

/// The one reader of files that are hashed. Files reached by a `Path` must be regular files and no links.
package enum FileDigest {
  /// SHA-256 and size of a file.
  package static func of(_ path: Path) throws -> (sha256: String, bytes: Int64) {
    let descriptor = try opened(path)
    defer { close(descriptor) }
    return try of(descriptor)
  }

  /// SHA-256 and size of a file under a name that may lead to a pipe or, where links are followed, through a link.
  package static func of(named path: String, followingLinks: Bool = true) throws -> (sha256: String, bytes: Int64) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | (followingLinks ? 0 : O_NOFOLLOW))
    guard descriptor >= 0 else { throw FileError("open", errno) }
    defer { close(descriptor) }
    return try of(descriptor)
  }

  /// SHA-256 and size of the unread rest of an open file.
  package static func of(_ descriptor: Int32) throws -> (sha256: String, bytes: Int64) {
    var digest = Digest(.sha256)
    let size = try read(descriptor) { digest.update($0) }
    return (digest.finish(), size)
  }

  /// A small file's bytes.
  package static func contents(_ path: Path, limit: Int) throws -> [UInt8] {
    let descriptor = try opened(path)
    defer { close(descriptor) }
    return try contents(descriptor, limit: limit)
  }

  /// The unread rest of a small open file.
  package static func contents(_ descriptor: Int32, limit: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    _ = try read(descriptor) { part in
      guard bytes.count + part.count <= limit else { throw FileError("read", EFBIG) }
      bytes.append(contentsOf: part)
    }
    return bytes
  }

  /// A regular file, open to read; the caller closes it.
  package static func opened(_ path: Path) throws -> Int32 {
    let descriptor = path.withCString { open($0, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) }
    guard descriptor >= 0 else { throw FileError("open", errno) }
    var about = stat()
    guard fstat(descriptor, &about) == 0, about.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw FileError("open", EINVAL)
    }
    return descriptor
  }

  private static func read(_ descriptor: Int32, _ body: (UnsafeRawBufferPointer) throws -> Void) throws -> Int64 {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 4096)
    defer { buffer.deallocate() }
    var total: Int64 = 0
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress!, buffer.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw FileError("read", errno)
      }
      if count == 0 { return total }
      try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      total += Int64(count)
    }
  }
}
