import Errors
import Files
import Glibc

/// Where a command's answer goes.
enum Output {
  /// Writes to a file (whole or not at all; a command's answer can be had again, so nobody waits for the disk) or to the
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
