package import Files
package import Jobs

/// Takes studies out of the inbox, and puts them back or away.
package struct Claims: Sendable {
  let layout: Layout
  let operations: any FileOperations

  package init(_ layout: Layout, _ operations: any FileOperations) {
    self.layout = layout
    self.operations = operations
  }

  /// Moves a study into the folder of its job, in one step and on one file system; its name is kept.
  ///
  /// - Throws: `FileError`; `isMissing` when the study is gone.
  package func claim(_ study: InboxEntry, for job: JobID) throws {
    let folder = layout.claim(job)
    try operations.makeFolder(folder, mode: 0o700)
    do {
      try operations.rename(layout.inbox / study, to: folder / study.name)
    } catch {
      try? operations.remove(folder)
      throw error
    }
    try operations.sync(folder)
    try operations.sync(layout.claims)
    try operations.sync((layout.inbox / study).parent)
  }

  /// The original of a job: its name and place; nil when it is not claimed.
  package func claimed(_ job: JobID) -> (name: FileName, path: Path)? {
    guard let folder = try? OpenFolder(layout.claim(job)), let entry = try? folder.entries(limit: 1).first else {
      return nil
    }
    return (entry.name, layout.claim(job) / entry.name)
  }

  /// Puts the original back where it was dropped, beside a newer one of its name if need be; returns its name there.
  ///
  /// - Parameter isUrgent: it was dropped in `urgent`.
  @discardableResult
  package func putBack(_ job: JobID, isUrgent: Bool) throws -> FileName? {
    guard let (name, path) = claimed(job) else {
      try remove(job)
      return nil
    }
    let folder = isUrgent ? layout.urgent : layout.inbox
    if isUrgent { try layout.makeUrgent(operations) }
    let final = try moved(path, into: folder, as: name)
    try operations.sync(folder)
    try remove(job)
    return final
  }

  /// Moves the original of a finished job into `folder`; returns its name there, or nil when it no longer exists.
  @discardableResult
  package func putAway(_ job: JobID, into folder: Path) throws -> FileName? {
    guard let (name, path) = claimed(job) else {
      try remove(job)
      return nil
    }
    let final: FileName
    do {
      final = try moved(path, into: folder, as: name)
    } catch let error as FileError where error.isAcrossFileSystems {
      final = try copied(path, into: folder, as: name, job)
    }
    try operations.sync(folder)
    try remove(job)
    return final
  }

  /// Deletes the original.
  package func delete(_ job: JobID) throws { try remove(job) }

  /// Removes it on disk too, or the folder of a finished job would come back after a power cut.
  private func remove(_ job: JobID) throws {
    guard (try? OpenFolder(layout.claim(job))) != nil else { return }
    try operations.remove(layout.claim(job))
    try operations.sync(layout.claims)
  }

  /// Jobs that have something in the claimed folder.
  package func jobs() -> [JobID] { jobs(in: layout.claims) }

  /// Jobs whose folder among the claims is empty, as after a power cut.
  package func emptyJobs() -> [JobID] { jobs().filter { claimed($0) == nil } }

  /// Jobs whose answer was taken out of the inbox and is not yet with the original.
  package func answeredJobs() -> [JobID] { jobs(in: layout.answers) }

  private func jobs(in path: Path) -> [JobID] {
    guard let folder = try? OpenFolder(path), let entries = try? folder.entries() else { return [] }
    return entries.compactMap { JobID(String(decoding: $0.name.bytes, as: UTF8.self)) }.sorted()
  }

  func moved(_ path: Path, into folder: Path, as name: FileName) throws -> FileName {
    for candidate in name.candidates {
      do {
        try operations.rename(path, to: folder / candidate)
        return candidate
      } catch let error as FileError where error.isExisting {
        continue
      }
    }
    throw FileError("rename", FileError.existing)
  }

  /// Copy, sync, rename, and only then remove: a whole original exists at every moment.
  private func copied(_ path: Path, into folder: Path, as name: FileName, _ job: JobID) throws -> FileName {
    let draft = folder / ".\(job.text).tmp"
    try operations.remove(draft)
    let tree = TreeCopy(
      operations, mode: PublishedModes.originalFile, folderMode: PublishedModes.originalFolder, skipsSpecial: true)
    try tree.copyStudy(path, to: draft) { _, _, _, _, _ in }
    try operations.syncFileSystem(of: folder)
    let isFile = (try? OpenFolder(path)) == nil
    let final = try moved(isFile ? draft / name : draft, into: folder, as: name)
    if isFile { try operations.remove(draft) }
    try operations.sync(folder)
    return final
  }
}
