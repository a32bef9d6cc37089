internal import Errors
internal import Files

/// SHA-256 of a file of a study or a result.
enum FileHash {
  /// - Returns: the digest and the file's size in bytes.
  /// - Throws: `E_IO`.
  static func sha256(_ path: String, followingLinks: Bool = false) throws -> (digest: String, bytes: Int) {
    do {
      let (digest, bytes) = try FileDigest.of(named: path, followingLinks: followingLinks)
      return (digest, Int(bytes))
    } catch let error as FileError {
      throw StudyError(.io, "cannot read the file: \(error.reason)", file: path)
    }
  }
}
