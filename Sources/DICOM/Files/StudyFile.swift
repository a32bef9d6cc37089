import CLinux
import Errors
package import Files
import Glibc

/// One regular file of a study: where it is, and its name for the user.
package struct StudyFile: Sendable, Hashable {
  /// Absolute (or working-directory relative) path of the study's folder, as bytes.
  package let folder: [UInt8]
  /// Path below the folder, as the user knows it.
  package let name: RelativePath
  /// Path below the folder where the file is stored under a name of the program's own, as files from an archive are.
  package let stored: RelativePath?

  package init(folder: [UInt8], name: RelativePath, stored: RelativePath? = nil) {
    self.folder = folder
    self.name = name
    self.stored = stored
  }

  /// Path below the folder, on disk.
  private var below: [UInt8] { (stored ?? name).bytes }
  private var location: [UInt8] { folder + [UInt8(ascii: "/")] + below }

  /// The name in errors and lists: relative to the study, never the location on this machine.
  package var display: String { name.display }

  /// The whole path, for APIs that take text; nil where its bytes are not valid UTF-8.
  package var path: String? { String(validating: location, as: UTF8.self) }

  /// Opens the file for reading: a regular file, never blocking on a pipe, beneath the study's folder without a link or
  /// another mount on the way, whatever was exchanged since it was listed.
  func open() throws(StudyError) -> OpenFile {
    let held = Glibc.open(
      folder.map { CChar(bitPattern: $0) } + [0], O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC)
    let descriptor = held < 0 ? -errno : clinux_open_beneath(held, below.map { CChar(bitPattern: $0) } + [0], O_RDONLY)
    if held >= 0 { close(held) }
    guard descriptor >= 0 else {
      let cause = -descriptor
      let code: ErrorCode = cause == ENOENT ? .notFound : .io
      throw StudyError(code, "cannot open: \(describe(cause))", file: display, hint: "check that the file is readable")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw StudyError(.io, "is not a regular file", file: display, hint: "copy the files themselves, not links")
    }
    return OpenFile(descriptor: descriptor, size: Int(status.st_size), display: display)
  }
}

/// An open file, closed when it goes out of scope.
struct OpenFile: ~Copyable {
  let descriptor: Int32
  /// Size of the file when it was opened.
  let size: Int
  let display: String

  deinit { close(descriptor) }

  /// Fills `buffer` from `offset` on and returns the number of bytes read (fewer only at the end of the file).
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(StudyError) -> Int {
    guard let base = buffer.baseAddress else { return 0 }
    var done = 0
    while done < buffer.count {
      let count = pread(descriptor, base + done, buffer.count - done, off_t(offset + done))
      if count > 0 {
        done += count
      } else if count == 0 {
        break
      } else if errno != EINTR {
        let cause = errno
        throw StudyError(.io, "cannot read at byte \(offset + done): \(describe(cause))", file: display)
      }
    }
    return done
  }
}

/// The system's text for an error number.
func describe(_ cause: Int32) -> String { strerror(cause).map { String(cString: $0) } ?? "error \(cause)" }

extension StudyFile {
  /// Passes a path under which APIs that take text can open the file, even where its own name is not valid UTF-8
  /// (a folder from a Chinese Windows): in that case a path that refers to an open descriptor.
  package func withReadablePath<Value>(_ body: (String) throws -> Value) throws -> Value {
    if let path { return try body(path) }
    let file = try open()
    let result = Result { try body("/proc/self/fd/\(file.descriptor)") }
    // The descriptor is closed here and not before.
    _ = consume file
    return try result.get()
  }
}
