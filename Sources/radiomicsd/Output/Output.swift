import Errors
import Files
import Glibc

/// Where a command's output goes.
enum Output {
  /// Writes to a file (completely or not at all; a command can be repeated, so the disk is not waited for) or to
  /// standard output.
  ///
  /// - Throws: `E_IO`.
  static func write(_ bytes: [UInt8], to path: String?) throws {
    if let path, path != "-" {
      try writeFile(bytes, to: path, durable: false)
      return
    }
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if written < 0 {
        if errno == EINTR { continue }
        throw StudyError(.io, "cannot write to the standard output: \(String(cString: strerror(errno)))")
      }
      rest = rest.dropFirst(written)
    }
  }
}
