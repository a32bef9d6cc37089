internal import DICOM
internal import Dispatch
internal import Errors
internal import Files
internal import Hashing
internal import Synchronization

/// What a study with archives is by the bytes of its files, names left out.
public struct StudyContent: Sendable, Equatable {
  /// SHA-256 over the sorted SHA-256 of the files as they lie there, an archive being one file.
  public let files: String
  /// The same with what the archives hold in their place: a folder, and any archive of it, have one.
  public let digest: String
}

extension StudyFolder {
  /// Junk and the marker `READY` count for nothing, as they do in a folder.
  ///
  /// - Returns: nil without archives, where both digests would be one; where an archive holds archives, which are not
  ///   opened; and where one holds `study.yaml`, by which names matter.
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
    let lanes = max(1, min(threads, files.count))
    let found = Mutex(Result<[String], any Error>.success([]))
    DispatchQueue.concurrentPerform(iterations: lanes) { lane in
      let own = Result {
        try stride(from: lane, to: files.count, by: lanes).map { index in
          try files[index].withReadablePath { try FileHash.sha256($0, followingLinks: files[index].path == nil).digest }
        }
      }
      found.withLock { all in all = Result { try all.get() + own.get() } }
    }
    return try found.withLock { try $0.get() }
  }
}

extension StudyFile {
  fileprivate func isNamed(_ text: String) -> Bool { Array(name.lastComponent) == Array(text.utf8) }
}
