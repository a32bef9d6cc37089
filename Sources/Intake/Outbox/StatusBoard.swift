internal import Errors
public import Files
internal import Glibc
internal import Jobs

/// One small text a study in the folder `status`, so that whoever dropped it sees how it stands without asking.
///
/// A courtesy, not a record: when it cannot be written nothing else suffers.
public struct StatusBoard: Sendable {
  public struct Note: Sendable, Equatable {
    /// One word: waiting, incomplete, queued, running, done, rejected, …
    public var state: String
    public var message: String
    public var hint: String
    public var job: String?
    /// The folder in the outbox.
    public var result: String?
    /// More to read, a line each.
    public var advice: [String]

    public init(
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

  public init(_ folder: Path) { self.folder = folder }

  /// Shows a study's status; writes only what has changed.
  public mutating func show(_ study: FileName, _ note: Note) {
    guard shown[study] != note else { return }
    shown[study] = note
    put(study, note)
    if isRemade { restore() }
  }

  /// Makes the folder again where somebody has removed it, with what it showed; true where that was so since the last time.
  public mutating func mend() -> Bool {
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

  /// The study is gone, as if it had never come.
  public mutating func clear(_ study: FileName) {
    shown[study] = nil
    _ = file(study).withCString(unlink)
  }

  /// The study's status is final: it stays on disk and is forgotten here.
  public mutating func close(_ study: FileName) { shown[study] = nil }

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
