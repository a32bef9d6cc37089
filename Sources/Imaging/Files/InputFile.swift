import Errors
import Glibc

/// A regular file opened for reading. It is read, never mapped: if another program truncates the file while it is read,
/// the result is an error instead of a fault.
struct InputFile: ~Copyable {
  let path: String
  /// Size in bytes at the time of opening.
  let size: Int
  private let descriptor: CInt

  /// Throws `E_NOT_FOUND` where there is no such file, `E_IO` where it cannot be opened or is not a regular file.
  init(_ path: String) throws {
    // O_NONBLOCK: opening a FIFO without a writer must not wait endlessly. It has no effect on a regular file.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let cause = errno
      throw StudyError(
        cause == ENOENT || cause == ENOTDIR ? .notFound : .io,
        "cannot open the file: \(String(cString: strerror(cause)))", file: path,
        hint: "check the path and that this user may read it")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw StudyError(.io, "not a regular file", file: path, hint: "name a file, not a folder or device")
    }
    self.path = path
    self.size = Int(status.st_size)
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Fills `buffer` from byte `offset` on and returns the bytes read: fewer than requested only at the file's end.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int {
    var done = 0
    while done < buffer.count {
      // Linux reads at most 2 GiB in one call.
      let count = pread(
        descriptor, buffer.baseAddress! + done, min(buffer.count - done, 1 << 30), off_t(offset + done))
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw StudyError(.io, "reading failed: \(String(cString: strerror(errno)))", file: path)
      }
      done += count
    }
    return done
  }

  /// Up to `count` bytes from the start.
  func prefix(_ count: Int) throws -> [UInt8] {
    let wanted = min(count, size)
    return try [UInt8](unsafeUninitializedCapacity: wanted) { buffer, initialized in
      initialized = try read(into: UnsafeMutableRawBufferPointer(buffer), at: 0)
    }
  }
}
