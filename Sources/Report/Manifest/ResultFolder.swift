internal import Documents
internal import Errors
internal import Files
internal import Glibc

/// The folder of a result, opened once; its files are reached by plain names relative to it, never through links.
struct ResultFolder: ~Copyable {
  let path: String
  private let descriptor: Int32

  init(path: String) throws {
    self.path = path
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw StudyError(.io, "the result folder cannot be opened: \(String(cString: strerror(errno)))", file: path)
    }
  }

  deinit { close(descriptor) }

  /// Names of all entries except `.` and `..`, sorted.
  func entries() throws -> [String] {
    let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0, let directory = fdopendir(copy) else {
      if copy >= 0 { close(copy) }
      throw failure("listing", ".")
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// SHA-256 and size of a file, read in pieces.
  ///
  /// - Parameter sync: whether to wait until the file's bytes are on the disk.
  func hash(_ name: String, sync: Bool) throws -> ResultManifest.File {
    let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { throw failure("opening", name) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw StudyError(.resultManifest, "\(name) in the result folder is not a regular file", file: "\(path)/\(name)")
    }
    if sync, fsync(file) != 0 { throw failure("syncing", name) }
    do {
      let (sha256, bytes) = try FileDigest.of(file)
      return ResultManifest.File(sha256: sha256, bytes: Int(bytes))
    } catch let error as FileError {
      throw failure("reading", name, error.code)
    }
  }

  /// All bytes of a file of at most `limit` bytes.
  func contents(_ name: String, limit: Int) throws -> [UInt8] {
    let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { throw failure("opening", name) }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    var count = 0
    while count <= limit {
      let got = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress! + count, $0.count - count) }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw failure("reading", name) }
      if got == 0 { return Array(bytes[..<count]) }
      count += got
    }
    throw StudyError(.resultManifest, "\(name) has more than \(limit) bytes", file: "\(path)/\(name)")
  }

  private func failure(_ doing: String, _ name: String, _ code: Int32 = errno) -> StudyError {
    StudyError(
      code == ENOENT || code == ELOOP ? .resultManifest : .io,
      "\(doing) \(name) in the result folder failed: \(String(cString: strerror(code)))", file: "\(path)/\(name)")
  }
}
