package import Errors
package import Files
package import Jobs

/// Where jobs are computed: the port between the daemon's decisions and the machines that run workers.
///
/// Methods are called on the daemon's thread and return at once. The outcome of a run is reported from any thread.
package protocol JobExecutor: AnyObject, Sendable {
  /// One plain word, part of the handles of its runs.
  var name: String { get }

  /// Whether runs go on when the daemon ends: then a stopping daemon leaves them alone, and the next one adopts them.
  var outlivesDaemon: Bool { get }

  /// The memory that all runs together may use.
  ///
  /// - Parameter memory: configured MiB; 0 asks the executor.
  func capacity(configured memory: Int) -> ExecutorCapacity

  /// Starts a run. Its end is reported exactly once, unless this throws.
  ///
  /// - Throws: `E_SPAWN` and the like, which concern the machine and not the study.
  func start(_ request: RunRequest) throws(StudyError)

  /// Asks a run to end, and forces its end where it does not. A run that is over is left alone.
  func cancel(_ run: RunHandle, _ reason: KillReason)

  /// State of runs that an earlier daemon started. A run that is still going is adopted: its end is reported.
  func status(of runs: [RunHandle]) -> [RunHandle: RunStatus]

  /// Ends runs that have taken too long, and those that ignore their cancellation.
  ///
  /// - Parameter now: seconds of the boot clock.
  /// - Returns: when this is to be called again; nil where no run has a limit.
  func enforceLimits(at now: Double) -> Double?
}

/// Names a run for its whole lifetime, also after the daemon has ended.
///
/// It follows from the job's row and the attempt, which are committed before a run starts. So the start needs no
/// further record, and no crash can lose a run that outlives the daemon.
package struct RunHandle: Sendable, Hashable, CustomStringConvertible {
  package let executor: String
  package let job: JobID
  package let attempt: Int

  package init(executor: String, job: JobID, attempt: Int) {
    self.executor = executor
    self.job = job
    self.attempt = attempt
  }

  /// `process/<job>.<attempt>`: letters, digits and `-./` alone.
  package var description: String { "\(executor)/\(job.text).\(attempt)" }
}

/// All that an executor needs to compute a job.
package struct RunRequest: Sendable {
  package var handle: RunHandle
  /// Program and arguments, as bytes.
  package var command: [[UInt8]]
  /// The run's own folder; standard error goes to `worker.log` in it.
  package var folder: Path
  /// Seconds of wall time.
  package var timeLimit: Double
  /// Boot-clock second of the start.
  package var began: Double
  /// MiB that the run may use.
  package var memory: Int
  package var threads: Int
}

package enum RunStatus: Sendable, Equatable {
  /// It ended with the daemon, or is unknown.
  case gone
  /// It goes on.
  case running
  /// It ended meanwhile.
  case ended(RunReport)
}

/// Report of an executor on a run.
package enum RunNews: Sendable, Equatable {
  /// It takes longer than allowed and is being ended.
  case overTime
  case ended(RunReport)
}

/// How a run ended and what it used.
package struct RunReport: Sendable, Equatable {
  /// Nil when a signal ended it.
  package var exit: Int32?
  package var signal: Int32?
  package var wallSeconds: Double?
  package var cpuSeconds: Double?
  /// Largest resident set in KiB.
  package var peakKilobytes: Int?
  /// The reason for which it was ended; nil where it ended by itself.
  package var killReason: KillReason?
  /// A process was killed for memory during the run.
  package var ranOutOfMemory = false

  package init(exit: Int32? = nil, signal: Int32? = nil) {
    self.exit = exit
    self.signal = signal
  }
}

package struct ExecutorCapacity: Sendable, Equatable {
  /// MiB for all runs together; `Int.max` where it is not limited.
  package var memory: Int

  package init(memory: Int) { self.memory = memory }
}
