internal import Errors
package import Evaluation
internal import Files
internal import Glibc
internal import Hashing

/// What a report says of its input files.
package enum TableDigests {
  /// What a report says of its inputs: a digest for each file, by its last name (folders stay private); of many tables
  /// of features one digest over theirs.
  ///
  /// - Throws: `E_NOT_FOUND`, `E_IO`.
  package static func facts(features: [String], labels: String) throws -> [Fact] {
    func fact(_ path: String) throws -> Fact {
      Fact("SHA-256 of \(path.split(separator: "/").last.map(String.init) ?? path)", try sha256(contentsOf: path))
    }
    guard features.count > 4 else { return try (features + [labels]).map(fact) }
    let digests = try features.map { try sha256(contentsOf: $0) }
    return [
      Fact(
        "SHA-256 of the SHA-256 of \(features.count) tables of features, a line each",
        Hashing.sha256(digests.map { $0 + "\n" }.joined())
      ), try fact(labels),
    ]
  }

  /// - Throws: `E_NOT_FOUND`, `E_IO`.
  private static func sha256(contentsOf path: String) throws -> String {
    do {
      return try FileDigest.of(named: path).sha256
    } catch let error as FileError {
      guard error.operation == "open" else { throw StudyError(.io, "cannot read: \(error.reason)", file: path) }
      throw StudyError(error.code == ENOENT ? .notFound : .io, "cannot open: \(error.reason)", file: path)
    }
  }
}
