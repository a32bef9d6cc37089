internal import Documents
internal import Errors
package import Files
internal import Glibc
internal import Hashing
package import Jobs

/// Puts results into the outbox: a folder appears there complete, or not at all.
package struct Publisher: Sendable {
  private let layout: Layout
  private let operations: any FileOperations

  package init(_ layout: Layout, _ operations: any FileOperations) {
    self.layout = layout
    self.operations = operations
  }

  /// Publishes a verified result; returns the name it has in the outbox.
  ///
  /// - Throws: `E_RESULT_INVALID` when a file changed after it was verified; `FileError`.
  package func publish(result folder: Path, of job: Job) throws -> String {
    if let name = try confirmed(job) { return name }
    let draft = layout.draft(job.id, job.attempt)
    let manifest = try ResultFolder.readManifest(folder, job: job.id)
    try operations.makeFolder(layout.drafts, mode: 0o700)
    try operations.remove(draft)
    try operations.makeFolder(draft, mode: PublishedModes.resultFolder)
    for (name, file) in manifest.files.sorted(by: { $0.key < $1.key }) {
      guard try copy(folder / name, to: draft / name) == file.sha256 else {
        throw StudyError(.resultInvalid, "a file of the result changed after it was verified", file: name)
      }
    }
    _ = try copy(folder / ResultManifest.fileName, to: draft / ResultManifest.fileName)
    return try appear(draft, job)
  }

  /// Publishes the reason for a missing result.
  package func publish(error: JobError, of job: Job) throws -> String {
    let document = ErrorDocument(
      job: job.id.text, study: job.study, status: job.outcome?.rawValue ?? "failed", error: ReportedError(error))
    return try publish(document: try JSONDocument.encode(document), as: ErrorDocument.fileName, of: job)
  }

  /// The document in the folder of a job that has no result.
  static func document(of job: Job) -> String {
    job.outcome == .duplicate ? DuplicateDocument.fileName : ErrorDocument.fileName
  }

  /// A folder of the outbox.
  func folder(_ name: String) -> Path { layout.outbox / name }

  /// Publishes a folder with one document.
  func publish(document: [UInt8], as file: String, of job: Job) throws -> String {
    if let name = try confirmed(job) { return name }
    let draft = layout.draft(job.id, job.attempt)
    try operations.makeFolder(layout.drafts, mode: 0o700)
    try operations.remove(draft)
    try operations.makeFolder(draft, mode: PublishedModes.resultFolder)
    try operations.write(document, to: draft / file, mode: PublishedModes.resultFile)
    return try appear(draft, job)
  }

  /// The name under which this job is published already, whole.
  package func published(_ job: Job) throws -> String? {
    let name = FileName(job.studyBytes)?.published ?? FileName(job.id.text)!
    for candidate in name.candidates {
      let folder = layout.outbox / candidate
      var about = stat()
      guard folder.withCString({ lstat($0, &about) }) == 0 else {
        if errno == ENOENT { return nil }
        throw FileError("stat", errno)
      }
      if isOurs(folder, job) { return String(decoding: candidate.bytes, as: UTF8.self) }
    }
    return nil
  }

  /// The same, on disk: a folder of an earlier try or an earlier daemon may be in memory only.
  private func confirmed(_ job: Job) throws -> String? {
    guard let name = try published(job) else { return nil }
    try operations.syncFileSystem(of: layout.outbox / name)
    try operations.sync(layout.outbox)
    return name
  }

  /// Removes drafts that were left when the daemon ended.
  package func removeDrafts() throws {
    guard let folder = try? OpenFolder(layout.drafts) else { return }
    for entry in try folder.entries() where JobID(String(decoding: entry.name.bytes.prefix(36), as: UTF8.self)) != nil {
      try operations.remove(layout.drafts / entry.name)
    }
  }

  private func isOurs(_ folder: Path, _ job: Job) -> Bool {
    if job.outcome == .done { return (try? ResultFolder.verify(folder, job: job.id)) != nil }
    return ResultAudit.jobNamed(in: folder / Self.document(of: job)) == job.id
  }

  /// On disk first, then visible: files, folder, rename, and the outbox itself.
  private func appear(_ draft: Path, _ job: Job) throws -> String {
    try operations.syncFileSystem(of: draft)
    let name = FileName(job.studyBytes)?.published ?? FileName(job.id.text)!
    for candidate in name.candidates {
      do {
        try operations.rename(draft, to: layout.outbox / candidate)
      } catch let error as FileError where error.isExisting {
        continue
      }
      do {
        try operations.sync(layout.outbox)
      } catch let error as FileError where error.isLostWrite {
        // Another sync would succeed and mean nothing: lost bytes are written again.
        try? operations.rename(layout.outbox / candidate, to: draft)
        throw error
      }
      return String(decoding: candidate.bytes, as: UTF8.self)
    }
    throw FileError("rename", FileError.existing)
  }

  private func copy(_ source: Path, to target: Path) throws -> String {
    let descriptor = try FileDigest.opened(source)
    defer { close(descriptor) }
    return try operations.copy(descriptor, to: target, mode: PublishedModes.resultFile).sha256
  }
}
