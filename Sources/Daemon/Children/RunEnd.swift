internal import Errors
internal import Files
internal import Glibc
internal import Intake
internal import Jobs

extension ErrorCode {
  /// A worker was ended by a signal, or ended in a way that is no answer.
  static let workerCrash = ErrorCode("E_WORKER_CRASH", .internal)
  /// A worker took longer than allowed.
  static let timeout = ErrorCode("E_TIMEOUT", .internal)
  /// The kernel ended a worker because memory ran out.
  static let outOfMemory = ErrorCode("E_OOM", .internal)
  /// The daemon died too often while a job ran.
  static let interrupted = ErrorCode("E_INTERRUPTED", .internal)
  /// A worker found that its private copy is not what was copied; the worker's own code.
  static let inputChanged = ErrorCode("E_INPUT_CHANGED", .io)
  /// The private copy of a study is gone and so is the original.
  static let inputLost = ErrorCode("E_INPUT_LOST", .io)
}

/// Why we ended a worker ourselves.
package enum KillReason: Sendable, Equatable {
  case timeout
  case stopping
  case cancelled(actor: String)
}

/// What follows from the way a worker ended: a value without clock or disk.
enum RunEnd: Sendable, Equatable {
  /// It says that it left a result.
  case result
  /// The study cannot be used; no retry can mend it.
  case refused(JobError)
  /// The study can be used once a person has chosen.
  case review(JobError)
  /// Tried again until this many runs were spent.
  case retry(JobError, attempts: Int)
  /// The machine or its configuration stands in the way: no run is counted, computing pauses.
  case deferred(JobError)
  /// The private copy is not what was copied: it is made again.
  case inputChanged(JobError)
  /// Lost through no fault of its own.
  case interrupted
  case cancelled(actor: String)

  /// - Parameters:
  ///   - error: `error.json`, when the worker left one.
  ///   - needsReview: `error.json` says that a choice is needed.
  ///   - mayHaveMore: another run could be given more memory than this one was.
  ///   - maxAttempts: runs that may crash; time and memory get two at most.
  init(
    _ end: RunReport, error: JobError?, needsReview: Bool, mayHaveMore: Bool, maxAttempts: Int
  ) {
    switch end.killReason {
    case .stopping where end.exit != 0:
      self = .interrupted
      return
    case .cancelled(let actor):
      self = .cancelled(actor: actor)
      return
    case .timeout where end.exit != 0:
      self = .retry(
        JobError(
          code: ErrorCode.timeout.name, message: "the study took longer than the time limit",
          hint: "raise time_limit_seconds"),
        attempts: min(2, maxAttempts))
      return
    default: break
    }
    switch (end.exit, end.signal) {
    case (0, _): self = .result
    case (ExitStatus.badInput.rawValue, _) where error?.code == "E_MEMORY_ESTIMATE" && mayHaveMore:
      // What it was given was too little for this study; that is no fault of the study yet.
      self = .retry(
        JobError(
          code: ErrorCode.outOfMemory.name, message: error?.message ?? "", hint: error?.hint ?? "",
          details: error?.details ?? [:]),
        attempts: min(2, maxAttempts))
    case (ExitStatus.badInput.rawValue, _), (ExitStatus.inputMissing.rawValue, _):
      let reason = error ?? Self.unexplained("refused the study without saying why")
      self = needsReview ? .review(reason) : .refused(reason)
    case (ExitStatus.io.rawValue, _) where error?.code == ErrorCode.inputChanged.name:
      self = .inputChanged(error ?? Self.unexplained("found its input changed"))
    case (ExitStatus.configuration.rawValue, _), (ExitStatus.temporary.rawValue, _):
      self = .deferred(error ?? Self.unexplained("cannot work at present and did not say why"))
    case (_, SIGXCPU?):
      self = .retry(
        JobError(
          code: ErrorCode.timeout.name, message: "the study took more processor time than allowed",
          hint: "raise time_limit_seconds"),
        attempts: min(2, maxAttempts))
    case (_, SIGSYS?):
      self = .retry(
        JobError(
          code: ErrorCode.sandboxViolation.name, message: "the study made the worker try what its sandbox forbids",
          hint: "do not open the study; keep it and report it"),
        attempts: 1)
    case (ExitStatus.outOfMemory.rawValue, _):
      self = .retry(
        JobError(
          code: ErrorCode.outOfMemory.name, message: "the study needs more memory than its worker may take",
          hint: "raise memory_limit_mb"),
        attempts: min(2, maxAttempts))
    case (_, SIGKILL?) where end.ranOutOfMemory:
      self = .retry(
        JobError(
          code: ErrorCode.outOfMemory.name, message: "the machine ran out of memory",
          hint: "lower max_jobs or give the service more memory"),
        attempts: min(2, maxAttempts))
    case (_, let signal?):
      self = .retry(
        JobError(
          code: ErrorCode.workerCrash.name, message: "the worker was ended by signal \(signal)",
          hint: "keep the study and report it", details: ["signal": String(signal)]),
        attempts: maxAttempts)
    case (let exit, nil):
      let memory = error?.code == ErrorCode.outOfMemory.name || error?.code == ErrorCode.timeout.name
      self = .retry(
        error ?? Self.unexplained("ended with code \(exit ?? -1)"), attempts: memory ? min(2, maxAttempts) : maxAttempts
      )
    }
  }

  private static func unexplained(_ what: String) -> JobError {
    JobError(code: ErrorCode.workerCrash.name, message: "the worker \(what)", hint: "keep the study and report it")
  }
}
