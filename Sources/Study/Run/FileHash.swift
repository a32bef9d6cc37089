internal import Errors
internal import Glibc
internal import Hashing

/// SHA-256 of a file.
enum FileHash {
  /// - Returns: the digest and the file's size in bytes.
  /// - Throws: `E_IO`.
  static func sha256(_ path: String, followingLinks: Bool = false) throws -> (digest: String, bytes: Int) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | (followingLinks ? 0 : O_NOFOLLOW))
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    var digest = Digest(.sha256)
    var total = 0
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = read(descriptor, buffer.baseAddress, buffer.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(path)
      }
      if count == 0 { break }
      digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      total += count
    }
    return (digest.finish(), total)
  }

  private static func failure(_ path: String) -> StudyError {
    StudyError(.io, "cannot read the file: \(String(cString: strerror(errno)))", file: path)
  }
}
