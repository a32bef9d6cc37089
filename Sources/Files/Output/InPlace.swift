internal import Errors
internal import Glibc

/// A file whose owner, group or names another file could not have: its content is exchanged, not the file.
enum InPlace {
  /// Copies a whole file over another one, after making room for it: a disk that is full is met before the first byte of
  /// the old content is touched.
  ///
  /// - Throws: `E_IO`.
  static func put(_ source: Int32, into target: String, durable: Bool, _ path: String) throws(StudyError) {
    var about = stat()
    guard fstat(source, &about) == 0, lseek(source, 0, SEEK_SET) == 0 else { throw OutputPath.failure(path, errno) }
    let file = open(target, O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
    guard file >= 0 else { throw OutputPath.failure(path, errno) }
    defer { close(file) }
    if about.st_size > 0 {
      let code = posix_fallocate(file, 0, about.st_size)
      guard code == 0 else { throw OutputPath.failure(path, code) }
    }
    try copy(source, to: file, path)
    guard ftruncate(file, about.st_size) == 0, !durable || fsync(file) == 0 else {
      throw OutputPath.failure(path, errno)
    }
  }

  private static func copy(_ source: Int32, to file: Int32, _ path: String) throws(StudyError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 4096)
    defer { buffer.deallocate() }
    while true {
      let count = read(source, buffer.baseAddress!, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw OutputPath.failure(path, errno) }
      if count == 0 { return }
      var done = 0
      while done < count {
        let written = write(file, buffer.baseAddress! + done, count - done)
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { throw OutputPath.failure(path, errno) }
        done += written
      }
    }
  }
}

/// A socket of the file system on which a process listens.
enum SocketOutput {
  /// - Throws: `E_IO`.
  static func connected(_ target: String, _ path: String) throws(StudyError) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let room = MemoryLayout.size(ofValue: address.sun_path)
    let bytes = Array(target.utf8)
    guard bytes.count < room else { throw OutputPath.failure(path, ENAMETOOLONG) }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw OutputPath.failure(path, errno) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    guard code == 0 else {
      let reason = errno
      close(descriptor)
      throw OutputPath.failure(path, reason)
    }
    return descriptor
  }
}
