internal import Errors
internal import Hashing
internal import Intake
internal import Jobs

extension Service {
  /// What a result depends on besides its study: program, configuration, models, profile. Two runs with one digest and one
  /// content give the same numbers. The whole configuration counts: a change that matters to none costs one computation.
  func pipelineDigest() -> String {
    sha256(identity.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n"))
  }

  /// The job that has this one's result already: same content, same pipeline, done. A job that somebody asked to be tried
  /// again is computed in any case.
  func original(of job: Job) throws -> Job? {
    guard mayPoint(job), let digest = job.inputDigest else { return nil }
    // Archives taken by an older version, or not opened, are known by their own bytes.
    let files = PrivateCopy.digest(of: try store.history(of: job).inputs)
    let candidates = try store.done(inputDigests: [digest, files], pipeline: pipelineDigest())
    return try candidates.first { try $0.id != job.id && $0.choices == nil && isNamedAlike($0, job) }
  }

  /// Nobody asked for this very job, and nobody chose for it.
  private func mayPoint(_ job: Job) -> Bool {
    job.retryOf == nil && job.choices == nil && jobs[job.id]?.isComputedAnyway != true
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

  /// The same content is computed now, or its result is on its way to the outbox: it will be this job's as well.
  func hasTwinUnderWay(_ job: Job) -> Bool {
    guard mayPoint(job), job.inputDigest != nil else { return false }
    return jobs.jobs.contains { twin in
      twin.id != job.id && twin.inputDigest == job.inputDigest && mayPoint(twin)
        && (twin.state == .running || (twin.state == .publishing && twin.outcome == .done))
    }
  }

  /// Points to the result that is there instead of computing it again.
  func pointToOriginal(_ original: Job, _ job: Job) throws {
    let change = Change(.duplicate, details: ["duplicate_of": original.id.text])
    beginPublishing(
      try move(job, to: .publishing, change) {
        $0.outcome = .duplicate
        $0.duplicateOf = original.id
      })
  }

  /// The result that was pointed to is not in the outbox any more: this job computes its own.
  func originalIsGone(_ job: Job) throws {
    jobs[job.id]?.isComputedAnyway = true
    log.info("the result of the same content is gone; it is computed again", job: job.id)
    enqueue(
      try move(job, to: .queued, Change(.resultLost)) {
        $0.outcome = nil
        $0.duplicateOf = nil
      })
  }
}
