package import Errors
internal import Glibc

/// The target of a path that the user named for output.
package enum OutputPath {
  /// The existing object.
  enum Kind: Equatable {
    case absent
    /// A regular file.
    case file
    case folder
    /// A pipe or a device: it is opened and written, never replaced.
    case stream
    case socket
  }

  /// As many links as the kernel follows.
  private static let maximumLinks = 40

  /// The path with the links at its end followed: what a symbolic link leads to is written, and the link stays. The end
  /// of a chain need not be there.
  ///
  /// - Throws: `E_IO` where links lead in a circle.
  package static func resolved(_ path: String) throws(StudyError) -> String {
    var path = trimmed(path)
    for _ in 0...maximumLinks {
      guard let target = link(path) else { return path }
      // A descriptor of this process has no name that could be followed.
      if isOfProcess(path) { return path }
      path = target.hasPrefix("/") ? target : folder(of: path) + "/" + target
      path = trimmed(path)
    }
    throw failure(path, ELOOP)
  }

  /// Makes a folder for output where there is none; a link to a folder is followed, also where the folder is not there.
  ///
  /// - Throws: `E_OUTPUT_KIND` where a file has that name; `E_IO`.
  package static func makeFolder(_ path: String) throws(StudyError) {
    let target = try resolved(path)
    if mkdir(target, 0o777) == 0 { return }
    guard errno == EEXIST else {
      let code = errno
      throw StudyError(
        .io, "cannot make the folder: \(String(cString: strerror(code)))", file: path,
        hint: "check that the folder above exists and may be written")
    }
    guard kind(target) == .folder else { throw isNoFolder(path) }
  }

  /// Refuses a file where a folder is to be, before anything is computed for it.
  ///
  /// - Throws: `E_OUTPUT_KIND`; `E_IO` where links lead in a circle.
  package static func requireFolder(_ path: String) throws(StudyError) {
    guard [.absent, .folder].contains(kind(try resolved(path))) else { throw isNoFolder(path) }
  }

  /// Refuses what can never be written as a file, before anything is computed for it.
  ///
  /// - Throws: `E_OUTPUT_KIND` for a folder; `E_IO` where the folder is not there or must not be written.
  package static func requireFile(_ path: String) throws(StudyError) {
    guard path != "-", descriptor(path) == nil else { return }
    let target = try resolved(path)
    switch kind(target) {
    case .folder: throw isFolder(path)
    case .file: try requireWritable(target, path)
    case .stream, .socket: break
    case .absent:
      if path.hasSuffix("/") { throw isFolder(path) }
      if faccessat(AT_FDCWD, folder(of: target), W_OK | X_OK, AT_EACCESS) != 0 { throw failure(path, errno) }
    }
  }

  /// Whether the path is a pipe, a device, a socket or an open descriptor: what is written there cannot be read again, and
  /// no other file belongs beside it.
  package static func isStream(_ path: String) -> Bool {
    if descriptor(path) != nil { return true }
    guard let target = try? resolved(path) else { return false }
    return [.stream, .socket].contains(kind(target))
  }

  // MARK: Within the module

  static func kind(_ path: String) -> Kind {
    var about = stat()
    guard stat(path, &about) == 0 else { return .absent }
    switch about.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    case S_IFSOCK: return .socket
    default: return .stream
    }
  }

  /// The descriptor that `/dev/stdout`, `/dev/stderr`, `/dev/fd/N` and `/proc/self/fd/N` name.
  static func descriptor(_ path: String) -> Int32? {
    switch path {
    case "/dev/stdout": return STDOUT_FILENO
    case "/dev/stderr": return STDERR_FILENO
    default:
      for prefix in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(prefix) {
        return Int32(path.dropFirst(prefix.count)).flatMap { $0 >= 0 ? $0 : nil }
      }
      return nil
    }
  }

  static func requireWritable(_ target: String, _ path: String) throws(StudyError) {
    guard faccessat(AT_FDCWD, target, W_OK, AT_EACCESS) != 0 else { return }
    let code = errno
    throw StudyError(
      .io, "the file is there and may not be written: \(String(cString: strerror(code)))", file: path,
      hint: "choose another name, or change its permissions")
  }

  static func isFolder(_ path: String) -> StudyError {
    StudyError(.outputKind, "this is a folder, and the output is a file", file: path, hint: "name a file in it")
  }

  private static func isNoFolder(_ path: String) -> StudyError {
    StudyError(
      .outputKind, "there is a file of that name: a folder cannot be made there", file: path,
      hint: "name another folder, or move the file away")
  }

  static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func name(of path: String) -> Substring {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[path.utf8.index(after: $0)...] } ?? path[...]
  }

  static func failure(_ path: String, _ code: Int32) -> StudyError {
    let hint =
      switch code {
      case ENOENT, ENOTDIR: "make the folder first, or name another"
      case EACCES, EPERM: "name a folder that you may write, or change its permissions"
      case EROFS: "name a folder on a disk that can be written"
      case ENOSPC, EDQUOT, EFBIG: "make room, or name a folder on another disk; an existing file is unchanged"
      default: "check that the folder exists, may be written and has room"
      }
    return StudyError(.io, "cannot write the file: \(String(cString: strerror(code)))", file: path, hint: hint)
  }

  private static func link(_ path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &buffer, buffer.count)
    return count > 0 ? String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
  }

  private static func isOfProcess(_ path: String) -> Bool { path.hasPrefix("/proc/") }

  private static func trimmed(_ path: String) -> String {
    var path = path
    while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }
}
