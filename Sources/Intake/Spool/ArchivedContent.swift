/// Outcome of a look into a study's archives, as digests over the sorted SHA-256 of files.
package struct ArchivedContent: Sendable, Equatable {
  /// Of the files as they were, archives among them: identifies the files that were examined.
  package let files: String
  /// With what the archives hold in their place.
  package let digest: String

  /// Nil for texts that are not SHA-256 digests in lower-case hexadecimal.
  package init?(files: String, digest: String) {
    func isDigest(_ text: String) -> Bool {
      text.utf8.count == 64 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
    guard isDigest(files), isDigest(digest) else { return nil }
    self.files = files
    self.digest = digest
  }
}
