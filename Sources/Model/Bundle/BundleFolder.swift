internal import Errors
internal import Glibc

/// The folder of a bundle, opened once: every file is read relative to it, never through a link, and whole.
struct BundleFolder: BundleSource, ~Copyable {
  /// For messages only.
  let path: String
  private let descriptor: Int32

  /// - Throws: `modelMissing` where there is no such folder.
  init(path: String) throws {
    self.path = path
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw StudyError(
        .modelMissing, "the model bundle cannot be opened: \(String(cString: strerror(errno)))", file: path,
        hint: "give the bundle's folder, the one that holds bundle.json")
    }
  }

  deinit { close(descriptor) }

  /// Names of all entries except `.` and `..`, sorted. Stops with an error beyond `limit` entries.
  func entries(limit: Int) throws -> [String] {
    let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0, let directory = fdopendir(copy) else {
      if copy >= 0 { close(copy) }
      throw StudyError(.modelFiles, "the model bundle cannot be listed", file: path)
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name == "." || name == ".." { continue }
      guard names.count < limit else {
        throw StudyError(.modelFiles, "the model bundle holds more than \(limit) files", file: path, hint: restoreHint)
      }
      names.append(name)
    }
    return names.sorted()
  }

  /// The bytes of one file.
  ///
  /// - Throws: `modelFiles` where it is absent, a link, not a regular file, or larger than `limit` bytes.
  func read(_ name: String, limit: Int) throws -> [UInt8] {
    guard Self.isPlainName(name) else {
      throw StudyError(.modelFiles, "a file name of the bundle leads out of its folder: \(name)", file: path)
    }
    let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else {
      let reason = errno == ELOOP ? "it is a symbolic link" : String(cString: strerror(errno))
      throw StudyError(
        name == BundleManifest.fileName && errno == ENOENT ? .modelMissing : .modelFiles,
        "\(name) of the model bundle cannot be read: \(reason)", file: "\(path)/\(name)", hint: restoreHint)
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw StudyError(.modelFiles, "\(name) of the model bundle is not a regular file", file: "\(path)/\(name)")
    }
    guard status.st_size <= limit else {
      throw StudyError(
        .modelFiles, "\(name) of the model bundle has \(status.st_size) bytes, more than the \(limit) allowed",
        file: "\(path)/\(name)")
    }
    return try Self.contents(of: file, expected: Int(status.st_size), name: name, path: "\(path)/\(name)")
  }

  static func contents(of file: Int32, expected: Int, name: String, path: String) throws -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: expected) { buffer, count in
      while count < expected {
        let got = Glibc.read(file, buffer.baseAddress! + count, expected - count)
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { break }
        count += got
      }
    }
    guard bytes.count == expected else {
      throw StudyError(
        .io,
        "reading \(name) of the model bundle ended early: \(failure == 0 ? "it shrank" : String(cString: strerror(failure)))",
        file: path)
    }
    return bytes
  }

  /// Whether a name is that of a file directly in the folder: no separator, no `.` or `..`, no control character.
  static func isPlainName(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".." && name.utf8.count <= 255
      && name.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\\") }
  }
}
