internal import Documents
internal import Errors
internal import Files
internal import Foundation
internal import Glibc
package import Jobs

/// One difference between the outbox and the record.
package struct ResultFault: Sendable, Equatable {
  package enum Kind: String, Sendable {
    /// A folder or file is missing.
    case missing
    /// A file has other bytes, or is not a file.
    case changed
    /// A folder or file without a record.
    case extra
    /// A folder has another name.
    case renamed
    /// A folder or file cannot be read.
    case unreadable
  }

  package var kind: Kind
  package var job: JobID?
  /// Folder in the outbox, percent-encoded where it is not clean UTF-8.
  package var folder: String
  /// File in it; nil for the folder itself.
  package var file: String?
  package var message: String

  /// The folder, with the file.
  package var place: String { folder + (file.map { "/" + $0 } ?? "") }
}

/// Compares one published folder with the record.
package enum ResultAudit {
  /// Extent of the comparison, and its differences.
  package struct Outcome: Sendable {
    package var files = 0
    package var bytes: Int64 = 0
    package var faults: [ResultFault] = []
    /// Users besides the owner may write the folder, or an entry of it.
    package var isWritable = false
  }

  /// - Parameter name: the folder's name, where it differs from the record.
  package static func check(_ result: PublishedResult, in outbox: String, name: String? = nil) -> Outcome {
    var outcome = Outcome()
    let folder = name ?? result.folder
    func fault(_ kind: ResultFault.Kind, _ file: String?, _ message: String) {
      outcome.faults.append(
        ResultFault(kind: kind, job: result.job, folder: folder, file: file, message: message))
    }
    guard FileName(folder) != nil else {
      fault(.changed, nil, "the record names no folder")
      return outcome
    }
    let path = Path(outbox) / folder
    var found: [String: UInt32] = [:]
    do {
      var about = stat()
      guard path.withCString({ lstat($0, &about) }) == 0 else {
        if errno == ENOENT {
          fault(.missing, nil, "the folder is not there")
        } else {
          fault(.unreadable, nil, String(cString: strerror(errno)))
        }
        return outcome
      }
      guard about.st_mode & S_IFMT == S_IFDIR else {
        fault(.changed, nil, "it is not a folder")
        return outcome
      }
      outcome.isWritable = about.st_mode & 0o022 != 0
      // One entry more than a result can have is extra, and so are all after it.
      for entry in try OpenFolder(path).entries(limit: 10_000) {
        found[entry.name.display] = entry.kind
        if entry.kind == S_IFREG, entry.about.st_mode & 0o022 != 0 { outcome.isWritable = true }
      }
    } catch {
      fault(.unreadable, nil, "\(error)")
      return outcome
    }
    func compare(_ file: String, _ wanted: String?) {
      guard let kind = found.removeValue(forKey: file) else { return fault(.missing, file, "the file is not there") }
      guard kind == S_IFREG else { return fault(.changed, file, "it is not a regular file") }
      do {
        let (sha256, bytes) = try FileDigest.of(path / file)
        outcome.files += 1
        outcome.bytes += bytes
        if let wanted, sha256 != wanted { fault(.changed, file, "its SHA-256 is not the one on record") }
      } catch { fault(.unreadable, file, "\(error)") }
    }
    compare(result.document, result.documentSHA256)
    if result.documentSHA256 == nil, outcome.faults.isEmpty, jobNamed(in: path / result.document) != result.job {
      fault(.changed, result.document, "it is of another job, or none")
    }
    if result.document == ResultManifest.fileName {
      let files =
        result.files ?? (try? ResultFolder.readManifest(path, job: result.job))?.files.mapValues(\.sha256) ?? [:]
      for (file, sha256) in files.sorted(by: { $0.key < $1.key }) { compare(file, sha256) }
    }
    for (file, kind) in found.sorted(by: { $0.key < $1.key }) {
      fault(.extra, file, kind == S_IFDIR ? "a folder that no record knows" : "a file that no record knows")
    }
    return outcome
  }

  /// The job that a folder of the outbox names; nil where it names none.
  static func job(of folder: Path) -> JobID? {
    for file in [ResultManifest.fileName, ErrorDocument.fileName, DuplicateDocument.fileName] {
      if let job = jobNamed(in: folder / file) { return job }
    }
    return nil
  }

  /// The job that a document of the outbox says it is of.
  static func jobNamed(in file: Path) -> JobID? {
    guard let bytes = try? FileDigest.contents(file, limit: 1 << 20) else { return nil }
    return (try? JSONDocument.decode(JobReference.self, from: bytes)).flatMap { JobID($0.job) }
  }
}
