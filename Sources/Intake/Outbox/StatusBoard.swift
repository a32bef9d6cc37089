internal import Errors
package import Files
internal import Glibc
internal import Jobs

/// One small text per study in the folder `status`, so that users see its state without asking.
///
/// A courtesy, not a record: when it cannot be written no other function suffers.
package struct StatusBoard: Sendable {
  package struct Note: Sendable, Equatable {
    /// One word: waiting, incomplete, queued, running, done, rejected, …
    package var state: String
    package var message: String
    package var hint: String
    package var job: String?
    /// The folder in the outbox.
    package var result: String?
    /// Further lines of the text.
    package var advice: [String]

    package init(
      _ state: String, _ message: String, hint: String = "", job: String? = nil, result: String? = nil,
      advice: [String] = []
    ) {
      self.advice = advice
      self.state = state
      self.message = message
      self.hint = hint
      self.job = job
      self.result = result
    }
  }

  private let folder: Path
  private var shown: [FileName: Note] = [:]
  /// The folder was gone and was made again since this was last asked.
  private var isRemade = false

  package init(_ folder: Path) { self.folder = folder }

  /// Shows a study's status; writes only what has changed.
  package mutating func show(_ study: FileName, _ note: Note) {
    guard shown[study] != note else { return }
    shown[study] = note
    put(study, note)
    if isRemade { restore() }
  }

  /// Makes the folder again where it was removed, with its texts; true where it was removed since the last call.
  package mutating func mend() -> Bool {
    if folder.withCString({ access($0, F_OK) }) != 0, errno == ENOENT, remake() { restore() }
    defer { isRemade = false }
    return isRemade
  }

  private mutating func remake() -> Bool {
    guard (try? LinuxFileOperations().makeFolder(folder, mode: PublishedModes.readFolder)) != nil else { return false }
    isRemade = true
    return true
  }

  private mutating func restore() { for (study, note) in shown { put(study, note) } }

  private mutating func put(_ study: FileName, _ note: Note) {
    var text = "study: \(study.display)\nstate: \(note.state)\nsince: \(Timestamp.now)\n"
    text += "what: \(note.message.escapedForLine)\n"
    if !note.hint.isEmpty { text += "do: \(note.hint.escapedForLine)\n" }
    if let result = note.result { text += "result: \(result.escapedForLine)\n" }
    if let job = note.job { text += "job: \(job)\n" }
    for line in note.advice { text += line.escapedForLine + "\n" }
    text += "notice: Research use only. Not for diagnosis.\n"
    write(Array(text.utf8), file(study))
  }

  /// The study is gone: its text is removed.
  package mutating func clear(_ study: FileName) {
    shown[study] = nil
    _ = file(study).withCString(unlink)
  }

  /// The study's status is final: it stays on disk and is forgotten here.
  package mutating func close(_ study: FileName) { shown[study] = nil }

  private func file(_ study: FileName) -> Path {
    folder / String(decoding: study.published.bytes + Array(".txt".utf8), as: UTF8.self)
  }

  /// Written beside and renamed over: readers never see half of it, and a link planted there is replaced, not followed.
  private mutating func write(_ bytes: [UInt8], _ path: Path) {
    let draft = folder / ".radiomicsd-\(getpid()).tmp"
    _ = draft.withCString(unlink)
    do {
      try LinuxFileOperations().writeUnsynced(bytes, to: draft, mode: PublishedModes.statusFile)
    } catch let error as FileError where error.isMissing && !isRemade {
      if remake() { write(bytes, path) }
      return
    } catch {
      return
    }
    let renamed = draft.withCString { from in path.withCString { Glibc.rename(from, $0) } }
    if renamed != 0 { _ = draft.withCString(unlink) }
  }
}
