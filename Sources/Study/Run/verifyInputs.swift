internal import DICOM
internal import Dispatch
public import Errors
internal import Files
internal import Foundation
internal import Synchronization

extension ErrorCode {
  /// A file of a private copy is not what was copied: the disk has changed it.
  public static let inputChanged = ErrorCode("E_INPUT_CHANGED", .io)
}

/// Compares a private copy with what was copied, byte by byte, before any of it is read as an image: a disk may give back
/// something else than it was given, and nobody would see it in the numbers.
///
/// - Parameters:
///   - folder: the copy.
///   - manifest: its `manifest.json`, schema `DocumentSchema.spool`.
/// - Throws: `E_INPUT_CHANGED` naming the first file that differs, `E_IO`.
public func verifyInputs(in folder: String, against manifest: String, threads: Int) throws {
  guard let data = FileManager.default.contents(atPath: manifest),
    let document = try? JSONDecoder().decode(InputManifest.self, from: data), document.schema == DocumentSchema.spool
  else {
    throw StudyError(.inputChanged, "the list of what was copied cannot be read", hint: "it is copied again")
  }
  let files = try document.files.map { file in
    guard let name = PercentEncoding.decoded(file.path) else {
      throw StudyError(.inputChanged, "the list of what was copied is damaged", hint: "it is copied again")
    }
    return (StudyFile(folder: Array(folder.utf8), name: RelativePath(bytes: name)), file)
  }
  let lanes = max(1, min(threads, files.count))
  let first = ChangedFile()
  DispatchQueue.concurrentPerform(iterations: lanes) { lane in
    for index in stride(from: lane, to: files.count, by: lanes) where index < first.index {
      let (file, expected) = files[index]
      let found = try? file.withReadablePath { try FileHash.sha256($0, followingLinks: true) }
      if found?.digest != expected.sha256 || found?.bytes != expected.bytes { first.note(index) }
    }
  }
  guard first.index < files.count else { return }
  throw StudyError(
    .inputChanged, "a file of the private copy is not what was copied", file: files[first.index].0.display,
    hint: "it is copied again; check the disk of the state folder")
}

/// What is read of a private copy's `manifest.json`.
private struct InputManifest: Decodable {
  struct File: Decodable {
    var path: String
    var sha256: String
    var bytes: Int
  }
  var schema: String
  var files: [File]
}

/// The first file that differs, whichever thread sees it.
private final class ChangedFile: Sendable {
  private let lowest = Mutex(Int.max)

  var index: Int { lowest.withLock { $0 } }
  func note(_ index: Int) { lowest.withLock { $0 = min($0, index) } }
}
