internal import Glibc

/// The system calls that move bytes, so that a test can put interrupted and short ones in their place.
public struct DiskCalls: Sendable {
  public var read: @Sendable (Int32, UnsafeMutableRawPointer, Int) -> Int = { Glibc.read($0, $1, $2) }
  public var write: @Sendable (Int32, UnsafeRawPointer, Int) -> Int = { Glibc.write($0, $1, $2) }
  public var sync: @Sendable (Int32) -> Int32 = { fsync($0) }

  public init() {}

  /// Reads until something came, the end was met (0) or reading failed.
  func reading(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    while true {
      let count = read(descriptor, buffer.baseAddress!, buffer.count)
      if count >= 0 { return count }
      if errno != EINTR { throw FileError("read", errno) }
    }
  }

  /// Writes all of it: a call may be interrupted, or write a part.
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

  /// Waits until it is on disk. After a failure nobody knows what is: the kernel forgets what it could not write, so the
  /// same call may succeed next time without having written it. Callers write the file anew.
  func syncing(_ descriptor: Int32) throws {
    while sync(descriptor) != 0 { if errno != EINTR { throw FileError("fsync", errno) } }
  }
}
