internal import Foundation
internal import Glibc

/// One append-only series of lines beside the database: files `NAME-<first sequence>.jsonl`, the newest of which grows
/// until it is full. Names sort like sequences, whatever the clock shows. Each append is on disk when it returns.
struct MirrorLog {
  /// A file that has reached this size is left unchanged, and a new one is started.
  static let fullSize: Int64 = 64 << 20

  let folder: String
  let name: String
  let fullSize: Int64
  private var descriptor: Int32 = -1
  private var size: Int64 = 0

  init(_ folder: String, _ name: String, fullSize: Int64 = MirrorLog.fullSize) {
    self.folder = folder
    self.name = name
    self.fullSize = fullSize
  }

  /// A system call on a file of the mirror failed; `code` is its errno value.
  struct Failure: Error {
    var operation: String
    var code: Int32
  }

  /// The files, oldest first.
  static func files(_ folder: String, _ name: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
      .filter { $0.hasPrefix(name + "-") && $0.hasSuffix(".jsonl") }.sorted().map { folder + "/" + $0 }
  }

  /// The event after which a file of the mirror is named: the first that it contains.
  static func firstSequence(_ path: String) -> Int64? {
    let digits = ((path as NSString).lastPathComponent as NSString).deletingPathExtension.split(separator: "-").last
    return digits.flatMap { Int64($0) }
  }

  /// Appends whole lines, the first of which concerns the event `sequence`, and waits until they are on disk.
  mutating func append(_ text: String, sequence: Int64) throws(Failure) {
    guard !text.isEmpty else { return }
    if descriptor < 0 { try openNewest() }
    if descriptor < 0 || size >= fullSize { try begin(sequence) }
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        let code = errno
        // Half a line would look like a torn one, and the next would continue it.
        ftruncate(descriptor, off_t(size))
        throw Failure(operation: "write", code: code)
      }
      done += count
    }
    guard fdatasync(descriptor) == 0 else {
      let code = errno
      // The bytes that a failed sync left on disk are unknown: they are written again.
      ftruncate(descriptor, off_t(size))
      finish()
      throw Failure(operation: "fdatasync", code: code)
    }
    size += Int64(bytes.count)
  }

  mutating func finish() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }

  /// Opens the newest file, if there is one, and removes an unfinished line that a power cut left.
  private mutating func openNewest() throws(Failure) {
    guard let path = Self.files(folder, name).last else { return }
    let opened = open(path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW)
    guard opened >= 0 else { throw Failure(operation: "open", code: errno) }
    descriptor = opened
    size = Self.wholeLines(opened)
    if ftruncate(opened, off_t(size)) != 0 { throw Failure(operation: "ftruncate", code: errno) }
  }

  private mutating func begin(_ sequence: Int64) throws(Failure) {
    finish()
    let digits = String(sequence)
    let path = folder + "/\(name)-" + String(repeating: "0", count: max(0, 12 - digits.count)) + digits + ".jsonl"
    let opened = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard opened >= 0 else { throw Failure(operation: "open", code: errno) }
    descriptor = opened
    size = Self.wholeLines(opened)
    let parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if parent >= 0 {
      fsync(parent)
      close(parent)
    }
  }

  /// Bytes up to and including the last line end.
  private static func wholeLines(_ descriptor: Int32) -> Int64 {
    var end = Int64(lseek(descriptor, 0, SEEK_END))
    var buffer = [UInt8](repeating: 0, count: 65536)
    while end > 0 {
      let start = max(0, end - Int64(buffer.count))
      let count = buffer.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, Int(end - start), off_t(start)) }
      guard count > 0 else { return 0 }
      if let last = buffer[..<count].lastIndex(of: 0x0A) { return start + Int64(last) + 1 }
      end = start
    }
    return 0
  }

  /// The last whole line of the newest file that has one.
  static func lastLine(_ folder: String, _ name: String) -> [UInt8]? {
    for path in files(folder, name).reversed() {
      let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      let end = wholeLines(descriptor)
      guard end > 1 else { continue }
      var length: Int64 = 65536
      while true {
        let start = max(0, end - length)
        var buffer = [UInt8](repeating: 0, count: Int(end - 1 - start))
        let count = buffer.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, off_t(start)) }
        guard count == buffer.count else { break }
        if let before = buffer.lastIndex(of: 0x0A) { return Array(buffer[(before + 1)...]) }
        if start == 0 { return buffer }
        length *= 4
      }
    }
    return nil
  }

  /// Calls `body` with each whole line of all files, oldest first; an unfinished line is skipped.
  static func forEachLine(_ folder: String, _ name: String, _ body: (Data) throws -> Void) throws {
    for path in files(folder, name) {
      guard let handle = FileHandle(forReadingAtPath: path) else { continue }
      defer { try? handle.close() }
      var rest = Data()
      while let part = try handle.read(upToCount: 1 << 20), !part.isEmpty {
        rest.append(part)
        var start = rest.startIndex
        while let end = rest[start...].firstIndex(of: 0x0A) {
          if end > start { try body(rest[start..<end]) }
          start = end + 1
        }
        rest = Data(rest[start...])
      }
    }
  }
}
