internal import Configuration
internal import Errors
internal import Files
internal import Glibc
internal import Intake
internal import Jobs

/// Checks and folders before a job can run. On the daemon's thread: it reads the record, and the state folder is
/// on a local disk.
struct RunPreparation {
  let ports: Ports
  let store: JobStore
  let identity: PipelineIdentity

  /// - Parameter mayPoint: whether an existing result of the same content may be used instead.
  func prepare(_ job: Job, mayPoint: Bool) throws -> Preparation {
    let facts = [
      "daemon": String(getpid()), "boot": MachineFacts.boot, "pipeline": identity.digest, "clock": MachineFacts.clock,
    ]
    return Preparation(readiness: try readiness(job, mayPoint), facts: facts, time: .now)
  }

  private func readiness(_ job: Job, _ mayPoint: Bool) throws -> Preparation.Readiness {
    if mayPoint, let original = try original(of: job) { return .original(original) }
    guard ports.spool.exists(job.id) else { return .copyIsGone }
    let number = job.attempt + 1
    let folder = ports.layout.work(job.id, number)
    do {
      try ports.operations.remove(folder)
      try ports.operations.makeFolder(folder, mode: 0o700)
      try ports.operations.makeFolder(ports.layout.output(job.id, number), mode: 0o700)
    } catch let error as FileError {
      return .noFolder(error)
    }
    return .ready
  }

  /// The job that has this one's result already: same content, same pipeline, done.
  private func original(of job: Job) throws -> Job? {
    guard let digest = job.inputDigest else { return nil }
    // Archives taken by an older version, or not opened, are identified by their own bytes.
    let files = PrivateCopy.digest(of: try store.history(of: job).inputs)
    let candidates = try store.done(inputDigests: [digest, files], pipeline: identity.digest)
    return try candidates.first { try $0.id != job.id && $0.choices == nil && isNamedAlike($0, job) }
  }

  /// Where a study.yaml names files, the same content under other names may be another study.
  private func isNamedAlike(_ one: Job, _ other: Job) throws -> Bool {
    let (one, other) = (try names(one), try names(other))
    return one == other
      || !(one + other).contains { line in
        let path = line.split(separator: " ", maxSplits: 1).last ?? ""
        return StudyFileName.instructions((path.split(separator: "/").last ?? "").utf8) != .no
      }
  }

  private func names(_ job: Job) throws -> [String] {
    try store.history(of: job).inputs.map { "\($0.sha256) \($0.path)" }.sorted()
  }
}
