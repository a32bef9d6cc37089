internal import Files
internal import Intake
package import Jobs

/// The open jobs: those that are not over, or have files to clean up.
package struct JobTable: Sendable {
  package private(set) var records: [JobID: JobRecord] = [:]

  /// The record of a job; nil deletes it.
  package internal(set) subscript(_ id: JobID) -> JobRecord? {
    get { records[id] }
    set { records[id] = newValue }
  }

  /// Takes over a job as it was committed; its operations under way stay.
  mutating func put(_ job: Job) { records[job.id, default: JobRecord(job)].job = job }

  package var count: Int { records.count }
  package var jobs: some Sequence<Job> { records.values.lazy.map(\.job) }

  /// Jobs that wait for a worker, in order of admission.
  var queued: [Job] {
    records.values.filter(\.isQueued).map(\.job).sorted { $0.sequence < $1.sequence }
  }

  var queuedCount: Int { records.values.count(where: \.isQueued) }

  var runs: [(id: JobID, run: Run)] { records.compactMap { id, record in record.run.map { (id, $0) } } }

  var runCount: Int { records.values.count { $0.run != nil } }

  var isPreparing: Bool { records.values.contains(where: \.isPreparing) }

  /// MiB reserved by running jobs.
  var memory: Int {
    records.values.reduce(0) { sum, record in
      // A run without limit takes the whole budget.
      let (next, isTooMuch) = sum.addingReportingOverflow(record.run?.memory ?? 0)
      return isTooMuch ? .max : next
    }
  }

  /// Jobs whose time has come.
  func due(at now: BootTime) -> [JobID] { records.filter { ($0.value.wake ?? .infinity) <= now }.map(\.key) }

  /// When the next operation for a job is due.
  var nextDeadline: BootTime? {
    records.values.lazy.flatMap { [$0.wake, $0.look?.deadline] }.compactMap(\.self).min()
  }

  /// The job that waits for a choice and goes by the name of an entry of the inbox; of several the latest.
  func inReview(_ name: FileName) -> Job? {
    jobs.filter { $0.state == .needsReview && $0.studyBytes == name.bytes }.max { $0.sequence < $1.sequence }
  }

  /// Whether a job of that name is under way.
  func hasOpen(_ name: FileName) -> Bool { jobs.contains { !$0.state.isFinal && $0.studyBytes == name.bytes } }
}
