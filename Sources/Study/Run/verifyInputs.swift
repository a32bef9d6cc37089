internal import DICOM
internal import Documents
package import Errors
internal import Files
internal import Foundation
internal import Parallel
internal import Synchronization

extension ErrorCode {
  /// A file of a private copy differs from the recorded hash: the disk has changed it.
  package static let inputChanged = ErrorCode("E_INPUT_CHANGED", .io)
}

/// Compares a private copy with the recorded hashes before any of it is read as an image: a disk may return
/// other bytes than were written, and the results would not show it.
///
/// - Parameters:
///   - folder: the copy.
///   - manifest: its `manifest.json`, a `SpoolManifest`.
/// - Throws: `E_INPUT_CHANGED` naming the first file that differs, `E_IO`.
package func verifyInputs(in folder: String, against manifest: String, threads: Int) throws {
  guard let data = FileManager.default.contents(atPath: manifest),
    let document = try? JSONDocument.decode(SpoolManifest.self, from: Array(data)),
    document.schema == SpoolManifest.schema
  else {
    throw StudyError(.inputChanged, "the list of what was copied cannot be read", hint: "it is copied again")
  }
  let files = try document.files.map { file in
    guard let name = PercentEncoding.decoded(file.path) else {
      throw StudyError(.inputChanged, "the list of what was copied is damaged", hint: "it is copied again")
    }
    return (StudyFile(folder: Array(folder.utf8), name: RelativePath(bytes: name)), file)
  }
  let first = ChangedFile()
  Parallel.forEach(files.count, threads: threads) { index in
    guard index < first.index else { return }
    let (file, expected) = files[index]
    let found = try? file.withReadablePath { try FileHash.sha256($0, followingLinks: true) }
    if found?.digest != expected.sha256 || found.map({ Int64($0.bytes) }) != expected.bytes { first.note(index) }
  }
  guard first.index < files.count else { return }
  throw StudyError(
    .inputChanged, "a file of the private copy is not what was copied", file: files[first.index].0.display,
    hint: "it is copied again; check the disk of the state folder")
}

/// The first file that differs, whichever thread sees it.
private final class ChangedFile: Sendable {
  private let lowest = Mutex(Int.max)

  var index: Int { lowest.withLock { $0 } }
  func note(_ index: Int) { lowest.withLock { $0 = min($0, index) } }
}
