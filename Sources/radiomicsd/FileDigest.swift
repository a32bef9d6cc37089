import Errors
import Glibc
import Hashing

/// The SHA-256 of a file that a report names as its input.
enum FileDigest {
  /// - Throws: `E_NOT_FOUND`, `E_IO`.
  static func sha256(contentsOf path: String) throws -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw StudyError(
        errno == ENOENT ? .notFound : .io, "cannot open: \(String(cString: strerror(errno)))", file: path)
    }
    defer { close(descriptor) }
    var digest = Digest(.sha256)
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let got = read(descriptor, &chunk, chunk.count)
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw StudyError(.io, "cannot read: \(String(cString: strerror(errno)))", file: path) }
      if got == 0 { return digest.finish() }
      chunk.withUnsafeBytes { digest.update(UnsafeRawBufferPointer(rebasing: $0[..<got])) }
    }
  }

  /// The inputs in a report: a digest for each file, by its last name (folders stay private); for many tables
  /// of features one digest over theirs.
  static func facts(features: [String], labels: String) throws -> [(name: String, sha256: String)] {
    func fact(_ path: String) throws -> (name: String, sha256: String) {
      ("SHA-256 of \(path.split(separator: "/").last.map(String.init) ?? path)", try sha256(contentsOf: path))
    }
    guard features.count > 4 else { return try (features + [labels]).map(fact) }
    let digests = try features.map { try sha256(contentsOf: $0) }
    return [
      (
        "SHA-256 of the SHA-256 of \(features.count) tables of features, a line each",
        Hashing.sha256(digests.map { $0 + "\n" }.joined())
      ), try fact(labels),
    ]
  }
}
