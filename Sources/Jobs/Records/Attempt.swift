/// One run of a worker: a row of the table `attempts`.
public struct Attempt: Sendable, Equatable {
  public let job: JobID
  /// From 1.
  public let number: Int
  public var started = Timestamp.now
  public var ended: Timestamp?
  /// `done`, an `E_…` code, `INTERRUPTED`; nil while it runs.
  public var outcome: String?
  public var exitCode: Int32?
  public var signal: Int32?
  public var wallSeconds: Double?
  public var cpuSeconds: Double?
  /// Largest resident set, in KiB.
  public var peakKilobytes: Int?
  /// Whether it counts against `max_attempts`.
  public var charged = true

  public init(job: JobID, number: Int) {
    self.job = job
    self.number = number
  }
}

/// One file of a study as it was copied: a row of the table `inputs`.
public struct InputFile: Sendable, Equatable {
  /// Path in the study, percent-encoded where it is not clean UTF-8.
  public var path: String
  public var sha256: String
  public var bytes: Int64

  public init(path: String, sha256: String, bytes: Int64) {
    self.path = path
    self.sha256 = sha256
    self.bytes = bytes
  }
}
