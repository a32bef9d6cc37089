package import Documents
internal import Errors
internal import Files

extension ResultManifest {
  /// Hashes every file of a folder, waits until all are on disk, and writes the manifest into the folder.
  ///
  /// - Parameter folder: path of a folder that contains only regular files.
  /// - Throws: `io`, or `resultManifest` where an entry is not a regular file.
  @discardableResult
  package static func write(in folder: String, job: String) throws -> ResultManifest {
    let directory = try ResultFolder(path: folder)
    var files: [String: File] = [:]
    for name in try directory.entries() where name != fileName {
      files[name] = try directory.hash(name, sync: true)
    }
    let manifest = ResultManifest(job: job, files: files)
    try writeFile(manifest.json.fileBytes(), to: "\(folder)/\(fileName)")
    return manifest
  }

  /// Reads a folder's manifest and compares every file with it.
  ///
  /// - Throws: `resultManifest` naming the first file that is absent, unlisted or changed.
  @discardableResult
  package static func verify(_ folder: String) throws -> ResultManifest {
    let directory = try ResultFolder(path: folder)
    let bytes = try directory.contents(fileName, limit: 1 << 20)
    let place = "\(folder)/\(fileName)"
    guard let manifest = try? JSONDocument.decode(ResultManifest.self, from: bytes), manifest.schema == schema
    else { throw StudyError(.resultManifest, "the manifest cannot be read", file: place) }
    let present = Set(try directory.entries()).subtracting([fileName])
    for name in present.sorted() where manifest.files[name] == nil {
      throw StudyError(.resultManifest, "the manifest does not list \(name)", file: place)
    }
    for (name, file) in manifest.files.sorted(by: { $0.key < $1.key }) {
      guard present.contains(name) else {
        throw StudyError(.resultManifest, "the manifest lists \(name), which is not there", file: place)
      }
      let actual = try directory.hash(name, sync: false)
      guard actual == file else {
        throw StudyError(
          .resultManifest,
          "\(name) has \(actual.bytes) bytes and SHA-256 \(actual.sha256); the manifest says \(file.bytes)"
            + " and \(file.sha256)", file: "\(folder)/\(name)")
      }
    }
    return manifest
  }
}
