/// One run of a worker: a row of the table `attempts`.
package struct Attempt: Sendable, Equatable {
  package let job: JobID
  /// From 1.
  package let number: Int
  package var started = Timestamp.now
  package var ended: Timestamp?
  /// `done`, an `E_…` code, `INTERRUPTED`; nil while it runs.
  package var outcome: String?
  package var exitCode: Int32?
  package var signal: Int32?
  package var wallSeconds: Double?
  package var cpuSeconds: Double?
  /// Largest resident set, in KiB.
  package var peakKilobytes: Int?
  /// Whether it counts against `max_attempts`.
  package var charged = true

  package init(job: JobID, number: Int) {
    self.job = job
    self.number = number
  }
}

/// One file of a study as it was copied: a row of the table `inputs`.
package struct InputFile: Sendable, Equatable {
  /// Path in the study, percent-encoded where it is not clean UTF-8.
  package var path: String
  package var sha256: String
  package var bytes: Int64

  package init(path: String, sha256: String, bytes: Int64) {
    self.path = path
    self.sha256 = sha256
    self.bytes = bytes
  }
}
