package import Configuration
package import Files
internal import Glibc
package import Jobs

/// The places of all files: the shared folders, and the private ones below `state`.
///
/// ```
/// inbox/urgent/                               studies dropped here go before others
/// inbox/.radiomicsd/claimed/<job>/<study>     the original while its job runs
/// inbox/.radiomicsd/answers/<job>/<study>     files added to the original of a job that waits for a choice
/// outbox/.tmp/<job>.<attempt>                 a result being put together
/// outbox/.status/                             status files, where `status` is read-only
/// state/jobs.sqlite, lock, initialised
/// state/audit/                                the record a second time: events-….jsonl, jobs-….jsonl
/// state/requests/                             requests of commands
/// state/spool/tmp/<job>, spool/in/<job>/      private copy: job.json, manifest.json, input/
/// state/work/<job>.<attempt>/                 a worker's folder: output/, worker.log
/// ```
package struct Layout: Sendable {
  package let inbox: Path
  package let outbox: Path
  package let state: Path
  package let done: Path
  package let failed: Path
  package let status: Path

  package init(_ folders: Folders) {
    inbox = Path(folders.inbox)
    outbox = Path(folders.outbox)
    state = Path(folders.state)
    done = Path(folders.done)
    failed = Path(folders.failed)
    status = Path(folders.status)
  }

  package var urgent: Path { inbox / InboxEntry.urgentName }
  package var control: Path { inbox / ".radiomicsd" }
  package var claims: Path { control / "claimed" }
  package var answers: Path { control / "answers" }
  /// Folder of status files that cannot be written to `status`.
  package var spareStatus: Path { outbox / ".status" }
  package var drafts: Path { outbox / ".tmp" }
  package var spoolDrafts: Path { state / "spool" / "tmp" }
  package var spool: Path { state / "spool" / "in" }
  package var work: Path { state / "work" }
  package var mirror: Path { state / "audit" }
  package var database: Path { state / "jobs.sqlite" }
  package var lock: Path { state / "lock" }

  package func claim(_ job: JobID) -> Path { claims / job.text }
  package func answer(_ job: JobID) -> Path { answers / job.text }
  package func spooled(_ job: JobID) -> Path { spool / job.text }
  /// Input of the worker.
  package func input(_ job: JobID) -> Path { spooled(job) / "input" }
  /// The SHA-256 of the worker's input.
  package func inputManifest(_ job: JobID) -> Path { spooled(job) / "manifest.json" }
  package func work(_ job: JobID, _ attempt: Int) -> Path { work / "\(job.text).\(attempt)" }
  /// Folder that the worker writes.
  package func output(_ job: JobID, _ attempt: Int) -> Path { work(job, attempt) / "output" }
  package func draft(_ job: JobID, _ attempt: Int) -> Path { drafts / "\(job.text).\(attempt)" }

  /// Makes the folders that are missing, on disk: the shared ones for the group as `PublishedModes` says, the private ones
  /// for the service alone. Otherwise a claimed study could be lost with the folder it was moved to.
  ///
  /// - Parameter isReadOnly: where no folder can be made, and none needs to be.
  package func makeFolders(
    _ operations: some FileOperations, except isReadOnly: (Path) -> Bool = { _ in false }
  ) throws {
    for (folder, mode) in [
      (inbox, PublishedModes.sharedFolder), (outbox, PublishedModes.readFolder), (done, PublishedModes.sharedFolder),
      (failed, PublishedModes.sharedFolder), (status, PublishedModes.readFolder),
    ] where !isReadOnly(folder) {
      try makeWithParents(folder, operations, mode: mode)
    }
    if isReadOnly(status) { try operations.makeFolder(spareStatus, mode: PublishedModes.readFolder) }
    try makeStateFolders(operations)
    try operations.makeFolder(drafts, mode: 0o700)
    if !isReadOnly(inbox) {
      for folder in [control, claims, answers] { try operations.makeFolder(folder, mode: 0o700) }
      try makeUrgent(operations)
      for folder in [inbox, control] { try operations.sync(folder) }
    }
    try operations.sync(outbox)
  }

  /// Makes `urgent` in the inbox where it is missing, with the inbox's permissions: users who may drop there may drop
  /// here.
  package func makeUrgent(_ operations: some FileOperations) throws {
    var about = stat()
    guard urgent.withCString({ lstat($0, &about) }) != 0 else { return }
    guard inbox.withCString({ stat($0, &about) }) == 0 else { throw FileError("stat", errno) }
    let wanted = about.st_mode & 0o7777
    try operations.makeFolder(urgent, mode: wanted & 0o777)
    // Group and setgid come from the inbox by themselves. Gives back the bits that the umask took where that is
    // allowed: a service may be forbidden to set the bit, and then its umask takes nothing from the group.
    guard urgent.withCString({ lstat($0, &about) }) == 0, about.st_mode & S_IFMT == S_IFDIR else { return }
    if about.st_mode & 0o7777 != wanted { _ = urgent.withCString { chmod($0, wanted) } }
  }

  /// Makes the private folders that are missing.
  package func makeStateFolders(_ operations: some FileOperations) throws {
    try makeWithParents(state, operations, mode: 0o700)
    for folder in [state / "spool", spoolDrafts, spool, work, state / "requests"] {
      try operations.makeFolder(folder, mode: 0o700)
    }
    for folder in [state / "spool", state] { try operations.sync(folder) }
  }

  private func makeWithParents(_ path: Path, _ operations: some FileOperations, mode: UInt32) throws {
    guard path.withCString({ access($0, F_OK) }) != 0 else { return }
    do {
      try operations.makeFolder(path, mode: mode)
    } catch let error as FileError where error.isMissing && path.bytes.count > 1 {
      try makeWithParents(path.parent, operations, mode: 0o755)
      try operations.makeFolder(path, mode: mode)
    }
    do {
      try operations.sync(path.parent)
    } catch let error as FileError where error.code == ELOOP {
      // The parent is a link: sync its target.
      try operations.sync(path.parent / ".")
    } catch let error as FileError where error.isForbidden {
      // A folder that may be passed through and not read.
    }
  }
}
