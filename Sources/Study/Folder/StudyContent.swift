internal import DICOM
internal import Errors
internal import Files
internal import Hashing
internal import Parallel

/// The content of a study with archives by the bytes of its files, without names.
package struct StudyContent: Sendable, Equatable {
  /// SHA-256 over the sorted SHA-256 of the dropped files, where an archive counts as one file.
  package let files: String
  /// The same with the contents of the archives in their place: a folder, and any archive of it, have the same digest.
  package let digest: String
}

extension StudyFolder {
  /// Junk and the marker `READY` are ignored, as in a folder.
  ///
  /// - Returns: nil without archives, where both digests are equal; where an archive contains archives, which are not
  ///   opened; and where one contains `study.yaml`, because names matter then.
  /// - Throws: `E_IO`.
  func content(threads: Int) throws -> StudyContent? {
    guard !archives.isEmpty, archives.allSatisfy(\.nested.isEmpty) else { return nil }
    let members = files.filter { $0.stored != nil }
    guard !members.contains(where: { $0.isAtTopOfArchive && $0.isNamed(StudyChoices.fileName) }) else { return nil }
    let loose = try Self.hashes(files.filter { $0.stored == nil && $0.name.bytes != Self.marker }, threads)
    let packed = try Self.hashes(archives.map(\.file), threads)
    let unpacked = try Self.hashes(members.filter { !($0.isAtTopOfArchive && $0.isNamed("READY")) }, threads)
    return StudyContent(files: Self.digest(loose + packed), digest: Self.digest(loose + unpacked))
  }

  private static let marker = Array("READY".utf8)

  private static func digest(_ hashes: [String]) -> String { sha256(hashes.sorted().joined(separator: "\n")) }

  private static func hashes(_ files: [StudyFile], _ threads: Int) throws -> [String] {
    try Parallel.map(files.count, threads: threads) { index in
      try files[index].withReadablePath { try FileHash.sha256($0, followingLinks: files[index].path == nil).digest }
    }
  }
}

extension StudyFile {
  fileprivate func isNamed(_ text: String) -> Bool { Array(name.lastComponent) == Array(text.utf8) }
}
