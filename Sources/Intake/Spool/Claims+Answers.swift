internal import Errors
internal import Files
internal import Glibc
package import Jobs

/// A user answers by dropping a folder of the study's name with `study.yaml`: its files are added to the original.
extension Claims {
  /// Adds a dropped folder to the original of a job, path by path; an existing file is replaced. The work may be
  /// interrupted anywhere and begun again.
  ///
  /// - Parameter study: the dropped folder. Where it is gone, because its user took it back, nothing is added.
  /// - Throws: `FileError`.
  package func addAnswer(_ study: InboxEntry, to job: JobID) throws {
    let answer = layout.answer(job)
    if try entry(of: answer) == nil {
      try operations.makeFolder(answer, mode: 0o700)
      do {
        try operations.rename(layout.inbox / study, to: answer / study.name)
        try operations.sync(answer)
        try operations.sync(layout.answers)
        try operations.sync((layout.inbox / study).parent)
      } catch let error as FileError where error.isMissing {
        try operations.remove(answer)
        return
      }
    }
    guard let dropped = try entry(of: answer) else { return }
    let source = answer / dropped
    if let (name, original) = claimed(job), (try? OpenFolder(original)) == nil {
      // The original is an archive: it goes into the folder that was dropped, which takes its place.
      do {
        try operations.rename(original, to: source / name)
        try operations.sync(source)
      } catch let error as FileError where error.isExisting {
        try operations.remove(original)
      }
    }
    if let (_, original) = claimed(job) {
      try makeRoom(forInstructionsOf: source, in: original)
      try move(try OpenFolder(source), source, into: original, depth: 0)
    } else {
      try operations.makeFolder(layout.claim(job), mode: 0o700)
      try operations.rename(source, to: layout.claim(job) / dropped)
    }
    try operations.sync(layout.claims)
    try operations.sync(layout.claim(job))
    try operations.remove(answer)
    try operations.sync(layout.answers)
  }

  /// Puts an answer that no job waits for back into the inbox.
  package func putBackAnswer(_ job: JobID) throws {
    guard (try? OpenFolder(layout.answer(job))) != nil else { return }
    if let name = try entry(of: layout.answer(job)) {
      _ = try moved(layout.answer(job) / name, into: layout.inbox, as: name)
      try operations.sync(layout.inbox)
    }
    try operations.remove(layout.answer(job))
    try operations.sync(layout.answers)
  }

  /// Dropped instructions replace the existing ones, however either is spelled (`study.yml`).
  private func makeRoom(forInstructionsOf source: Path, in original: Path) throws {
    guard try OpenFolder(source).entries().contains(where: { $0.kind == S_IFREG && $0.name.isChoices }) else { return }
    for entry in try OpenFolder(original).entries()
    where entry.kind == S_IFREG && StudyFileName.instructions(entry.name.bytes) != .text && entry.name.isChoices {
      try operations.remove(original / entry.name)
    }
  }

  private func entry(of path: Path) throws -> FileName? {
    guard let folder = try? OpenFolder(path) else { return nil }
    return try folder.entries(limit: 1).first?.name
  }

  private func move(_ folder: consuming OpenFolder, _ source: Path, into target: Path, depth: Int) throws {
    guard depth < 256 else { throw FileError("move", ELOOP) }
    for entry in try folder.entries().sorted(by: { $0.name.bytes.lexicographicallyPrecedes($1.name.bytes) }) {
      let (from, to) = (source / entry.name, target / entry.name)
      if entry.kind == S_IFDIR, let below = try folder.folder(entry.name) {
        if (try? OpenFolder(to)) == nil {
          try operations.remove(to)
          try operations.makeFolder(to, mode: PublishedModes.originalFolder)
        }
        try move(below, from, into: to, depth: depth + 1)
      } else if (try? OpenFolder(to)) != nil {
        // A folder is not replaced by a file.
        _ = try moved(from, into: target, as: entry.name)
      } else {
        try operations.remove(to)
        try operations.rename(from, to: to)
      }
    }
    // In the new place before it leaves the old one.
    try operations.sync(target)
  }
}
