import CLinux
import Errors
package import Files
import Glibc
import Imaging

/// How much of a folder is scanned: a study is not an archive.
package struct ScanLimits: Sendable {
  /// Files in all.
  package var files = 20_000
  /// Folders below the study's own.
  package var depth = 16

  package init() {}
}

/// Lists the regular files below a folder, in the order of their names' bytes. Links are not followed.
struct FolderWalk {
  var files: [StudyFile] = []
  /// Junk of operating systems, links, pipes: names only.
  var skipped: [RelativePath] = []
  private let folder: [UInt8]
  private let limits: ScanLimits

  private init(_ folder: [UInt8], _ limits: ScanLimits) {
    self.folder = folder
    self.limits = limits
  }

  /// - Throws: `E_NOT_FOUND`, `E_IO`, `E_LIMIT`.
  static func run(_ folder: [UInt8], limits: ScanLimits) throws(StudyError) -> FolderWalk {
    var walk = FolderWalk(folder, limits)
    let descriptor = open(folder.map { CChar(bitPattern: $0) } + [0], O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let cause = errno
      throw StudyError(
        cause == ENOENT ? .notFound : .io, "cannot open the study folder: \(describe(cause))",
        hint: "give a folder that holds the study")
    }
    try walk.list(descriptor, RelativePath(bytes: []), depth: 0)
    return walk
  }

  /// Reads one folder and closes its descriptor.
  private mutating func list(_ descriptor: Int32, _ name: RelativePath, depth: Int) throws(StudyError) {
    guard let stream = fdopendir(descriptor) else {
      let cause = errno
      close(descriptor)
      throw StudyError(.io, "cannot list the folder: \(describe(cause))", file: name.display)
    }
    defer { closedir(stream) }
    guard depth <= limits.depth else {
      throw StudyError(.limit, "folders are nested deeper than \(limits.depth)", file: name.display)
    }
    for component in try Self.entries(stream, name) {
      let path = name.appending(component)
      if Self.isJunk(component) {
        skipped.append(path)
        continue
      }
      var status = stat()
      let text = component.map { CChar(bitPattern: $0) } + [0]
      guard fstatat(descriptor, text, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFREG:
        guard files.count < limits.files else {
          throw StudyError(
            .limit, "more than \(limits.files) files", hint: "drop one study per folder, not an archive of them")
        }
        files.append(StudyFile(folder: folder, name: path))
      case S_IFDIR:
        let below = clinux_open_beneath(descriptor, text, O_RDONLY | O_DIRECTORY)
        guard below >= 0 else {
          throw StudyError(.io, "cannot open the folder: \(describe(-below))", file: path.display)
        }
        try list(below, path, depth: depth + 1)
      default: skipped.append(path)
      }
    }
  }

  /// Names in an open folder, sorted.
  private static func entries(_ stream: OpaquePointer, _ name: RelativePath) throws(StudyError) -> [[UInt8]] {
    var names: [[UInt8]] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        let cause = errno
        guard cause == 0 else {
          throw StudyError(.io, "cannot list the folder: \(describe(cause))", file: name.display)
        }
        break
      }
      let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if bytes != [0x2E], bytes != [0x2E, 0x2E] { names.append(bytes) }
    }
    return names.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// Hidden files and what operating systems and file servers leave behind.
  static func isJunk(_ name: [UInt8]) -> Bool {
    name.first == UInt8(ascii: ".") || StudyFileName.isLeftover(name)
  }
}

extension RelativePath {
  /// Whether any component is hidden, or a leftover of operating systems and file servers.
  package var isJunk: Bool {
    bytes.split(separator: UInt8(ascii: "/")).contains { FolderWalk.isJunk(Array($0)) }
  }
}
