package import Errors
internal import Glibc

/// A file that a user named for output, for every command.
///
/// A regular file or a new name appears whole or not at all: the bytes go into a temporary file in its folder, which is
/// renamed over it by `finish`. A symbolic link is followed and stays; a pipe, device or socket is opened and written. A
/// file that is replaced keeps owner, group and mode; where they cannot be given to another file, and where the file has
/// several names, the bytes are put into the file itself once there is room for them all.
package final class OutputFile {
  /// As it was named.
  private let path: String
  /// Where the path leads.
  private let target: String
  private let isDurable: Bool
  private var descriptor: Int32
  /// Renamed at the end; nil for what is written where it is.
  private var temporary: String?
  /// The temporary file's bytes go into the target itself.
  private var isWrittenInPlace = false
  private var isFinished = false

  /// - Parameters:
  ///   - path: a file; `/dev/stdout` and its like are descriptors of this process.
  ///   - durable: false does not wait for the disk.
  /// - Throws: `E_OUTPUT_KIND` for a folder; `E_IO`.
  package init(_ path: String, durable: Bool = true) throws(StudyError) {
    self.path = path
    isDurable = durable
    descriptor = -1
    if let own = OutputPath.descriptor(path) {
      target = path
      descriptor = fcntl(own, F_DUPFD_CLOEXEC, 3)
      if descriptor < 0 { throw OutputPath.failure(path, errno) }
      return
    }
    target = try OutputPath.resolved(path)
    switch OutputPath.kind(target) {
    case .folder: throw OutputPath.isFolder(path)
    case .absent where path.hasSuffix("/"): throw OutputPath.isFolder(path)
    case .socket: descriptor = try SocketOutput.connected(target, path)
    case .stream:
      descriptor = open(target, O_WRONLY | O_NOCTTY | O_CLOEXEC)
      if descriptor < 0 { throw OutputPath.failure(path, errno) }
    case .file:
      try OutputPath.requireWritable(target, path)
      try createTemporary()
      keepOwnerAndMode()
    case .absent: try createTemporary()
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    if !isFinished, let temporary { unlink(temporary) }
  }

  /// Appends bytes.
  ///
  /// - Throws: `E_IO`.
  package func append(_ bytes: UnsafeRawBufferPointer) throws(StudyError) {
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress! + done, min(bytes.count - done, 1 << 30))
      if count < 0 {
        if errno == EINTR { continue }
        throw OutputPath.failure(path, errno)
      }
      done += count
    }
  }

  /// Appends bytes.
  ///
  /// - Throws: `E_IO`.
  package func append(_ bytes: [UInt8]) throws(StudyError) {
    let failure = bytes.withUnsafeBytes { buffer -> StudyError? in
      do throws(StudyError) {
        try append(buffer)
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }

  /// Puts the file in its place. A file that is let go without this leaves nothing behind.
  ///
  /// - Throws: `E_IO`; what was there before is then as it was.
  package func finish() throws(StudyError) {
    guard let temporary else {
      isFinished = true
      return
    }
    guard !isDurable || fsync(descriptor) == 0 else { throw OutputPath.failure(path, errno) }
    if isWrittenInPlace {
      try InPlace.put(descriptor, into: target, durable: isDurable, path)
      return
    }
    guard rename(temporary, target) == 0 else { throw OutputPath.failure(path, errno) }
    isFinished = true
    guard isDurable else { return }
    let folder = open(OutputPath.folder(of: target), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  private func createTemporary() throws(StudyError) {
    let folder = OutputPath.folder(of: target)
    for _ in 0..<16 {
      let random = String(UInt64.random(in: 0 ... .max), radix: 36)
      let name = folder + "/.\(OutputPath.name(of: target).prefix(100)).\(random).tmp"
      // Read again where the bytes have to go into the file itself.
      descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
      if descriptor >= 0 {
        temporary = name
        return
      }
      if errno != EEXIST { break }
    }
    throw OutputPath.failure(path, errno)
  }

  private func keepOwnerAndMode() {
    var old = stat()
    var new = stat()
    guard stat(target, &old) == 0, fstat(descriptor, &new) == 0 else { return }
    let isOurs = old.st_uid == new.st_uid && old.st_gid == new.st_gid
    isWrittenInPlace =
      old.st_nlink > 1 || !(isOurs || fchown(descriptor, old.st_uid, old.st_gid) == 0)
      || fchmod(descriptor, old.st_mode & 0o7777) != 0
  }
}

/// Writes a file as `OutputFile` does.
///
/// - Parameter durable: false does not wait for the disk: a machine that loses its power may have lost the file.
/// - Throws: `E_OUTPUT_KIND`, `E_IO`.
package func writeFile(_ bytes: [UInt8], to path: String, durable: Bool = true) throws(StudyError) {
  let file = try OutputFile(path, durable: durable)
  try file.append(bytes)
  try file.finish()
}

/// Appends bytes to a file, which is made where there is none, and waits until they are on disk; a pipe or device takes
/// them as they come.
///
/// - Throws: `E_OUTPUT_KIND`, `E_IO`.
package func appendFile(_ bytes: [UInt8], to path: String) throws(StudyError) {
  if OutputPath.isStream(path) { return try writeFile(bytes, to: path) }
  let target = try OutputPath.resolved(path)
  if path.hasSuffix("/") || OutputPath.kind(target) == .folder { throw OutputPath.isFolder(path) }
  let descriptor = open(target, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0o640)
  guard descriptor >= 0 else { throw OutputPath.failure(path, errno) }
  defer { close(descriptor) }
  var done = 0
  while done < bytes.count {
    let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + done, bytes.count - done) }
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { throw OutputPath.failure(path, errno) }
    done += count
  }
  guard fsync(descriptor) == 0 else { throw OutputPath.failure(path, errno) }
}
