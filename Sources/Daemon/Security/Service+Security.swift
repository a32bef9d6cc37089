internal import Configuration
internal import Errors
internal import Glibc
internal import Intake
internal import Jobs
internal import Sandbox

extension ErrorCode {
  /// A worker tried what its sandbox ends a process for.
  static let sandboxViolation = ErrorCode("E_SANDBOX_VIOLATION", .internal)
}

extension Service {
  /// The sandbox workers will get, for the log and the record.
  ///
  /// - Throws: `E_SANDBOX` where it is required and the kernel has none.
  func checkSandbox() throws -> String {
    try Sandbox.check(configuration.sandbox, available: options.sandbox)
    let level = configuration.sandbox == .off ? "off" : options.sandbox.description
    if configuration.sandbox != .off, !options.sandbox.isComplete {
      log.warning("the kernel confines workers in part only: sandbox \(level)")
    } else {
      log.info("sandbox \(level)")
    }
    return level
  }

  /// Puts on record that a file made a worker try to break out.
  func noteViolation(_ job: JobID, signal: Int32?) throws {
    guard signal == SIGSYS else { return }
    log.error("a worker tried to leave its sandbox", job: job, code: ErrorCode.sandboxViolation.name)
    try record { try store.note(.security, job: job, details: ["what": "forbidden system call"]) }
  }

  /// The level a run was computed under, as details of its event.
  func sandboxDetails(_ job: Job) -> [String: String] {
    WorkerSandboxRecord.level(in: layout.work(job.id, job.attempt)).map { ["sandbox": $0.description] } ?? [:]
  }
}
