internal import Errors
internal import Files
internal import Glibc

/// Writes a bundle's files to disk: the folder appears complete under its name, or not at all.
enum BundleWriter {
  /// - Throws: `bundleExists`, `io`.
  static func write(_ files: [String: [UInt8]], to path: String) throws {
    let target = try OutputPath.resolved(path)
    guard access(target, F_OK) != 0 else {
      throw StudyError(
        .bundleExists, "there is something already where the bundle is to be written", file: path,
        hint: "a bundle is never changed: choose another name, or remove the old one")
    }
    let draft = "\(target).\(getpid()).part"
    guard mkdir(draft, 0o777) == 0 else { throw failure(draft) }
    do {
      for (name, bytes) in files.sorted(by: { $0.key < $1.key }) { try write(bytes, to: "\(draft)/\(name)") }
      try sync(draft)
      guard rename(draft, target) == 0 else { throw failure(target) }
      try sync(parent(of: target))
    } catch {
      for name in files.keys { unlink("\(draft)/\(name)") }
      rmdir(draft)
      throw error
    }
  }

  static func parent(of path: String) -> String {
    guard let slash = trimmed(path).lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func trimmed(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  static func sync(_ folder: String) throws {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(folder) }
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw failure(path) }
      rest = rest.dropFirst(written)
    }
    guard fsync(descriptor) == 0 else { throw failure(path) }
  }

  static func failure(_ path: String) -> StudyError {
    StudyError(.io, "the bundle cannot be written: \(String(cString: strerror(errno)))", file: path)
  }
}
