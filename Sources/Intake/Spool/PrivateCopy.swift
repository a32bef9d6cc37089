internal import Documents
internal import Errors
package import Files
internal import Foundation
internal import Hashing
package import Jobs

/// The study changed while it was taken: it goes back to the inbox.
package struct StudyChanged: Error, Sendable {
  package init() {}
}

/// A job's private copy of its study: read once, hashed, and out of reach of all other users.
package struct PrivateCopy: Sendable, Equatable {
  package var inputs: [InputFile]
  /// SHA-256 over the sorted SHA-256 of the files: independent of names, order and junk.
  package var digest: String
  /// The same with the content of archives in their place; nil where that is not known, or there are none.
  package var contentDigest: String?
  /// By this the same study is recognised, dropped as a folder or as an archive.
  package var identity: String { contentDigest ?? digest }
  /// Fingerprint of the original that was copied.
  package var listing: String
  package var bytes: Int64 { inputs.reduce(0) { $0 + $1.bytes } }

  init(inputs: [InputFile], listing: String) {
    self.inputs = inputs
    self.listing = listing
    digest = Self.digest(of: inputs)
  }

  /// `digest` of these files.
  package static func digest(of inputs: [InputFile]) -> String {
    sha256(inputs.map(\.sha256).sorted().joined(separator: "\n"))
  }
}

/// Makes private copies and finds them again.
package struct Spool: Sendable {
  let layout: Layout
  private let operations: any FileOperations

  package init(_ layout: Layout, _ operations: any FileOperations) {
    self.layout = layout
    self.operations = operations
  }

  /// Copies a claimed study. After this the copy is on disk, whole, under `spool/in/<job>`; the admission may be recorded.
  ///
  /// - Parameters:
  ///   - listing: the fingerprint that settled.
  ///   - content: the known content of its archives; it counts where the copy is of those files.
  /// - Throws: `StudyChanged` when the study is no longer that listing; `FileError`.
  package func copy(
    _ job: Job, from source: Path, listing: String, content: ArchivedContent? = nil
  ) throws -> PrivateCopy {
    guard try Listing(of: source).fingerprint == listing else { throw StudyChanged() }
    let draft = layout.spoolDrafts / job.id.text
    // Both may be there from a try that failed, or gone with their folders.
    try operations.remove(draft)
    try operations.remove(layout.spooled(job.id))
    if !exists(layout.spoolDrafts) || !exists(layout.spool) { try layout.makeStateFolders(operations) }
    try operations.makeFolder(draft, mode: 0o700)
    var files: [SpoolManifest.File] = []
    var inputs: [InputFile] = []
    let tree = TreeCopy(operations, mode: 0o600, folderMode: 0o700) { name, depth in
      !name.isJunk && !(depth == 0 && name.isReadyMarker)
    }
    try tree.copyStudy(source, to: draft / "input") { path, before, after, sha256, bytes in
      guard before.st_size == bytes, after.st_size == before.st_size,
        after.st_mtim.nanoseconds == before.st_mtim.nanoseconds, after.st_ctim.nanoseconds == before.st_ctim.nanoseconds
      else { throw StudyChanged() }
      files.append(SpoolManifest.File(path: PercentEncoding.encoded(path), sha256: sha256, bytes: bytes))
      inputs.append(InputFile(path: FileName.display(path: path), sha256: sha256, bytes: bytes))
    }
    // A file may have come, or been exchanged, meanwhile: the listing must be the same after as before.
    guard try Listing(of: source).fingerprint == listing else { throw StudyChanged() }
    var copy = PrivateCopy(inputs: inputs, listing: listing)
    if let content, content.files == copy.digest { copy.contentDigest = content.digest }
    try operations.syncFileSystem(of: draft)
    try operations.write(
      try SpoolManifest(job.id, copy, files).encoded(), to: draft / "manifest.json", mode: 0o600)
    try operations.write(try SpooledJob(job, listing: listing).encoded(), to: draft / "job.json", mode: 0o600)
    try operations.sync(draft)
    try operations.rename(draft, to: layout.spooled(job.id))
    try operations.sync(layout.spool)
    return copy
  }

  /// Makes sure that a copy which an earlier daemon left is on disk, name and all.
  package func confirm(_ job: JobID) throws {
    try operations.syncFileSystem(of: layout.spooled(job))
    try operations.sync(layout.spool)
  }

  /// The fingerprint of the original of a private copy.
  package func listing(_ job: JobID) -> String? { SpooledJob.read(layout.spooled(job) / "job.json")?.listing }

  /// The private copy of a job if it is there, whole and unchanged: every byte is read and hashed again.
  package func verified(_ job: JobID) -> PrivateCopy? {
    let folder = layout.spooled(job)
    guard let manifest = SpoolManifest.read(folder / "manifest.json"), manifest.job == job.text else { return nil }
    var inputs: [InputFile] = []
    for file in manifest.files {
      guard let path = PercentEncoding.decoded(file.path),
        let (digest, bytes) = try? FileDigest.of(Path(bytes: layout.input(job).bytes + [0x2F] + path)),
        digest == file.sha256, bytes == file.bytes
      else { return nil }
      inputs.append(InputFile(path: FileName.display(path: path), sha256: digest, bytes: bytes))
    }
    var copy = PrivateCopy(inputs: inputs, listing: listing(job) ?? "")
    copy.contentDigest = manifest.contentDigest
    return copy.digest == manifest.inputDigest ? copy : nil
  }

  /// Whether a private copy is there, without reading it.
  package func exists(_ job: JobID) -> Bool { exists(layout.spooled(job)) }

  private func exists(_ folder: Path) -> Bool { (try? OpenFolder(folder)) != nil }

  package func discard(_ job: JobID) throws {
    try operations.remove(layout.spoolDrafts / job.text)
    guard exists(layout.spooled(job)) else { return }
    try operations.remove(layout.spooled(job))
    try operations.sync(layout.spool)
  }

  /// Jobs that have a private copy, or the beginning of one.
  package func jobs() -> (whole: [JobID], drafts: [JobID]) {
    func names(_ path: Path) -> [JobID] {
      guard let folder = try? OpenFolder(path), let entries = try? folder.entries() else { return [] }
      return entries.compactMap { JobID(String(decoding: $0.name.bytes, as: UTF8.self)) }.sorted()
    }
    return (names(layout.spool), names(layout.spoolDrafts))
  }
}

extension Spool {
  /// The job as its private copy describes it (`job.json`): enough to go on where it has no other record.
  package func recorded(_ id: JobID) -> Job? {
    guard let document = SpooledJob.read(layout.spooled(id) / "job.json"), document.job == id.text,
      let name = PercentEncoding.decoded(document.name)
    else { return nil }
    var job = Job(id: id, study: document.study, studyBytes: name)
    job.listing = document.listing
    if let entry = document.entry.flatMap(PercentEncoding.decoded) { job.entryBytes = entry }
    job.isUrgent = document.urgent ?? false
    job.forced = document.forced
    job.choices = document.choices
    job.originalAt = document.original
    return job
  }
}
