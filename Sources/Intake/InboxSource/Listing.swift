internal import Errors
package import Files
internal import Glibc
internal import Hashing
package import Jobs

extension ErrorCode {
  /// A study holds a symbolic link.
  static let symbolicLink = ErrorCode("E_SYMLINK", .badInput)
  /// A study holds a pipe, a socket or a device.
  static let specialFile = ErrorCode("E_SPECIAL_FILE", .badInput)
  /// A study holds a hard link to another user's file.
  static let hardLink = ErrorCode("E_HARD_LINK", .badInput)
  /// A file of a study may not be read.
  static let permission = ErrorCode("E_PERMISSION", .badInput)
  /// A study's folder holds nothing.
  static let empty = ErrorCode("E_EMPTY", .badInput)
}

/// The size at which a study is refused unread.
package struct StudyLimits: Sendable {
  package var files = 20_000
  package var depth = 16
  package var bytes: Int64 = 64 << 30

  package init() {}
}

/// The content of a study's folder at one moment, listed without reading a file.
package struct Listing: Sendable, Equatable {
  /// SHA-256 over path, size, modification time, change time and inode of every file. Two equal fingerprints, a quiet
  /// time apart, mean that no file was written.
  package var fingerprint = ""
  package var files = 0
  package var bytes: Int64 = 0
  /// A file `READY` lies in the study's folder.
  package var isReady = false
  /// It is one file, an archive.
  package var isArchive = false
  /// `study.yaml` lies in the study's folder: the user it belongs to.
  package var choicesOwner: UInt32?
  /// A file whose name says that it is still being copied.
  package var inProgress: String?
  /// A file that a process has open to write.
  package var written: String?
  /// A file with blocks that were never written.
  package var sparse: String?
  /// Whether each file was examined itself, which `written` and `sparse` require.
  package var isClose = true
  /// The user who owns the study's folder.
  package private(set) var owner: UInt32 = 0
  /// An entry that cannot be read now.
  package var unreadable: JobError?
  /// An entry that will never be accepted.
  package var refusal: JobError?

  package init() {}
}

extension Listing {
  /// Lists a study.
  ///
  /// - Parameter look: examines each file itself, which opens it; nil for names, sizes and times alone.
  /// - Throws: `FileError` when the study is gone or cannot be opened.
  package init(of study: Path, limits: StudyLimits = StudyLimits(), look: CloseLook? = nil) throws {
    self.init()
    isClose = look != nil
    if try list(archive: study, limits, look) { return }
    var lines: [[UInt8]] = []
    let folder = try OpenFolder(study)
    // Permissions of the folder itself count as content: they decide whether it can be taken.
    var about = stat()
    guard fstat(folder.descriptor, &about) == 0 else { throw FileError("stat", errno) }
    lines.append(Array("\0m\(about.st_mode) \(about.st_uid) \(about.st_gid)\0".utf8))
    owner = about.st_uid
    try walk(folder, at: [], depth: 0, limits: limits, look: look, lines: &lines)
    lines.sort { $0.lexicographicallyPrecedes($1) }
    var digest = Digest(.sha256)
    for line in lines { line.withUnsafeBytes { digest.update($0) } }
    fingerprint = digest.finish()
  }

  /// Lists a study that is one file; false where it is not a regular file.
  private mutating func list(archive: Path, _ limits: StudyLimits, _ look: CloseLook?) throws -> Bool {
    var about = stat()
    guard archive.withCString({ lstat($0, &about) }) == 0 else { throw FileError("stat", errno) }
    guard about.st_mode & S_IFMT == S_IFREG else { return false }
    isArchive = true
    files = 1
    bytes = Int64(about.st_size)
    if about.st_nlink > 1 {
      refuse(.hardLink, "the archive has another name elsewhere", nil, hint: "copy the archive itself")
    }
    if bytes > limits.bytes {
      refusal = JobError(code: ErrorCode.limit.name, message: "more than \(limits.bytes >> 30) GiB")
    }
    if archive.withCString({ faccessat(AT_FDCWD, $0, R_OK, AT_EACCESS) }) != 0 { note(unreadable: archive.name) }
    // Without the change time, which moving the file changes.
    let facts = "\0a\(about.st_size) \(about.st_mtim.nanoseconds) \(about.st_ino)"
    fingerprint = sha256("\(facts) \(about.st_mode) \(about.st_uid) \(about.st_gid)\0")
    if let look, let descriptor = try? FileDigest.opened(archive) { note(look, descriptor, about, archive.name) }
    return true
  }

  private mutating func walk(
    _ folder: consuming OpenFolder, at path: [UInt8], depth: Int, limits: StudyLimits, look: CloseLook?,
    lines: inout [[UInt8]]
  ) throws {
    for entry in try folder.entries(limit: limits.files * 2) where refusal == nil {
      if entry.name.isJunk { continue }
      if depth == 0, entry.name.isReadyMarker, entry.kind == S_IFREG {
        isReady = true
        continue
      }
      let below = path.isEmpty ? entry.name.bytes : path + [0x2F] + entry.name.bytes
      if entry.name.isInProgress, inProgress == nil { inProgress = FileName.display(path: below) }
      let about = entry.about
      switch entry.kind {
      case S_IFREG:
        files += 1
        if depth == 0, entry.name.isChoices { choicesOwner = about.st_uid }
        let (sum, overflow) = bytes.addingReportingOverflow(Int64(about.st_size))
        bytes = overflow ? .max : sum
        if !folder.mayRead(entry.name) { note(unreadable: below) }
        // A second name of a file that the dropper may not read would make the service read it on the dropper's behalf.
        if about.st_nlink > 1, about.st_uid != owner {
          refuse(
            .hardLink, "the study holds a hard link to a file of another user", below, hint: "copy the files themselves"
          )
        }
        if let look, written == nil, let descriptor = try? folder.file(entry.name) {
          note(look, descriptor, about, below)
        }
        let facts = "\0f\(about.st_size) \(about.st_mtim.nanoseconds) \(about.st_ctim.nanoseconds) \(about.st_ino)\0"
        lines.append(below + Array(facts.utf8))
      case S_IFDIR:
        lines.append(below + Array("\0d\(about.st_ino)\0".utf8))
        guard depth + 1 < limits.depth else {
          refuse(.limit, "folders lie deeper than \(limits.depth)", below)
          return
        }
        do {
          if let next = try folder.folder(entry.name) {
            try walk(next, at: below, depth: depth + 1, limits: limits, look: look, lines: &lines)
          }
        } catch let error as FileError where error.code == EACCES || error.code == EPERM {
          note(unreadable: below)
        }
      case S_IFLNK:
        refuse(.symbolicLink, "the study holds a symbolic link", below, hint: "copy the files themselves")
      default:
        refuse(.specialFile, "the study holds a pipe, socket or device", below, hint: "remove it")
      }
      if files > limits.files {
        refuse(.limit, "more than \(limits.files) files", nil, hint: "drop one study per folder")
      }
      if bytes > limits.bytes {
        refuse(.limit, "more than \(limits.bytes >> 30) GiB", nil, hint: "drop one study per folder")
      }
    }
  }

  /// Closes the descriptor.
  private mutating func note(_ look: CloseLook, _ descriptor: Int32, _ about: stat, _ path: [UInt8]) {
    defer { close(descriptor) }
    switch look.find(descriptor, about) {
    case .isOpen: written = FileName.display(path: path)
    case .hasHoles: sparse = sparse ?? FileName.display(path: path)
    case .settled: break
    }
  }

  private mutating func note(unreadable path: [UInt8]) {
    guard unreadable == nil else { return }
    unreadable = JobError(
      code: ErrorCode.permission.name, message: "may not be read: \(FileName.display(path: path))",
      hint: "give the daemon's group permission to read the study")
  }

  private mutating func refuse(_ code: ErrorCode, _ message: String, _ path: [UInt8]?, hint: String = "") {
    let place = path.map { ": \(FileName.display(path: $0))" } ?? ""
    refusal = JobError(code: code.name, message: message + place, hint: hint)
  }
}

extension timespec {
  var nanoseconds: Int64 { Int64(tv_sec) * 1_000_000_000 + Int64(tv_nsec) }
}
