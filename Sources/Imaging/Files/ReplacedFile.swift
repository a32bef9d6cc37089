import Errors
import Glibc

/// A file written beside its final name and put in its place only when complete, and on disk unless that is left to the
/// system: a reader sees the old file, no file, or the whole new one.
struct ReplacedFile: ~Copyable {
  private let path: String
  private let temporary: String
  private let descriptor: CInt

  deinit { close(descriptor) }

  /// Runs `body` on a new file and then puts it at `path` (fsync, rename, fsync of the folder). Nothing is left
  /// behind when `body` throws.
  ///
  /// - Parameter durable: false leaves out both fsyncs.
  static func write(to path: String, durable: Bool = true, _ body: (borrowing ReplacedFile) throws -> Void) throws {
    let file = try create(for: path)
    do {
      try body(file)
      guard !durable || fsync(file.descriptor) == 0, rename(file.temporary, path) == 0 else { throw failure(path) }
    } catch {
      unlink(file.temporary)
      throw error
    }
    guard durable else { return }
    let folder = open(Self.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  private static func create(for path: String) throws -> ReplacedFile {
    for _ in 0..<16 {
      let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
      let temporary = folder(of: path) + "/.\(name.prefix(100)).\(String(UInt64.random(in: 0 ... .max), radix: 36)).tmp"
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return ReplacedFile(path: path, temporary: temporary, descriptor: descriptor) }
      if errno != EEXIST { throw failure(path) }
    }
    throw failure(path)
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func failure(_ path: String) -> StudyError {
    StudyError(
      .io, "cannot write the file: \(String(cString: strerror(errno)))", file: path,
      hint: "check that the folder exists, may be written and has room")
  }

  /// Appends bytes.
  func append(_ bytes: UnsafeRawBufferPointer) throws {
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress! + done, min(bytes.count - done, 1 << 30))
      if count < 0 {
        if errno == EINTR { continue }
        throw Self.failure(path)
      }
      done += count
    }
  }
}
