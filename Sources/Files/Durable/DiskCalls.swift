internal import Glibc

/// The system calls that move bytes; a test replaces them by interrupted and short ones.
package struct DiskCalls: Sendable {
  package var read: @Sendable (Int32, UnsafeMutableRawPointer, Int) -> Int = { Glibc.read($0, $1, $2) }
  package var write: @Sendable (Int32, UnsafeRawPointer, Int) -> Int = { Glibc.write($0, $1, $2) }
  package var sync: @Sendable (Int32) -> Int32 = { fsync($0) }

  package init() {}

  /// Reads until bytes came, the end was met (0) or reading failed.
  func reading(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    while true {
      let count = read(descriptor, buffer.baseAddress!, buffer.count)
      if count >= 0 { return count }
      if errno != EINTR { throw FileError("read", errno) }
    }
  }

  /// Writes all bytes: a call may be interrupted, or write only a part.
  func writing(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws {
    var rest = bytes
    while !rest.isEmpty {
      let count = write(descriptor, rest.baseAddress!, rest.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw FileError("write", errno)
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// Waits until the file is on disk. After a failure the content on disk is unknown: the kernel forgets what it could
  /// not write, so the same call may succeed next time without having written it. Callers write the file again.
  func syncing(_ descriptor: Int32) throws {
    while sync(descriptor) != 0 { if errno != EINTR { throw FileError("fsync", errno) } }
  }
}
