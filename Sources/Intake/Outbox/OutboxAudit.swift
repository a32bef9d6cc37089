internal import Errors
internal import Files
internal import Foundation
internal import Glibc
package import Jobs
internal import Parallel

/// Compares all published folders with the record: which are missing, changed, renamed, or without a record.
///
/// Memory does not grow with the results: jobs come in portions, files are read piece by piece, and of names only one
/// number each is kept.
package struct OutboxAudit {
  /// Extent of the comparison, and its differences.
  package struct Report: Sendable {
    /// Jobs that have a folder in the outbox.
    package var folders = 0
    package var files = 0
    package var bytes: Int64 = 0
    /// Folders that users besides their owner may write.
    package var writable = 0
    /// The first faults, at most `limit`.
    package var faults: [ResultFault] = []
    package var faultCount = 0
    package static let limit = 1000

    package var isSound: Bool { faultCount == 0 }

    mutating func add(_ fault: ResultFault) {
      faultCount += 1
      if faults.count < Self.limit { faults.append(fault) }
    }
  }

  private static let portion = 128

  private let store: JobStore
  private let outbox: String
  private var report = Report()
  private var known: Set<UInt64> = []
  /// Jobs whose folder is missing: it may have another name.
  private var missing: [JobID: PublishedResult] = [:]

  private init(_ store: JobStore, _ outbox: String) {
    self.store = store
    self.outbox = outbox
  }

  /// - Parameter progress: called with the number of folders done, and of all.
  /// - Throws: `E_IO` where the outbox cannot be listed; `E_DATABASE`.
  package static func run(
    _ store: JobStore, outbox: String, progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> Report {
    var audit = OutboxAudit(store, outbox)
    try audit.requireOutbox()
    try audit.compareJobs(progress)
    try audit.lookForOthers()
    for result in audit.missing.values.sorted(by: { $0.sequence < $1.sequence }) {
      audit.report.add(
        ResultFault(kind: .missing, job: result.job, folder: result.folder, message: "the folder is not there"))
    }
    return audit.report
  }

  /// Throws where the outbox is away, which does not mean that all its results are gone.
  private func requireOutbox() throws(StudyError) {
    do { _ = try OpenFolder(Path(outbox) / ".").entries(limit: 1) } catch {
      throw StudyError(
        .io, "the outbox cannot be listed: \(error)", file: outbox, hint: "mount the share; check its permissions")
    }
  }

  private mutating func compareJobs(_ progress: (Int, Int) -> Void) throws {
    let total = try store.publishedCount()
    var last: Int64 = 0
    progress(0, total)
    while true {
      let results = try store.published(after: last, limit: Self.portion)
      guard let end = results.last else { return }
      last = end.sequence
      let outbox = outbox
      let outcomes = Parallel.map(results.count, threads: Parallel.defaultThreadCount) { index in
        ResultAudit.check(results[index], in: outbox)
      }
      for (result, outcome) in zip(results, outcomes) {
        known.insert(Self.number(result.folder))
        add(outcome, of: result)
      }
      progress(min(report.folders, total), total)
    }
  }

  private mutating func add(_ outcome: ResultAudit.Outcome, of result: PublishedResult) {
    report.folders += 1
    report.files += outcome.files
    report.bytes += outcome.bytes
    report.writable += outcome.isWritable ? 1 : 0
    for fault in outcome.faults {
      if fault.kind == .missing, fault.file == nil, missing.count < Report.limit {
        missing[result.job] = result
      } else {
        report.add(fault)
      }
    }
  }

  /// Finds entries of the outbox that no job put there, or that have another name.
  private mutating func lookForOthers() throws {
    var others: [(name: String, isFolder: Bool)] = []
    try OpenFolder(Path(outbox) / ".").forEachEntry { entry in
      let name = entry.name.display
      // Hidden: drafts and status files.
      if entry.name.bytes.first != 0x2E, !known.contains(Self.number(name)) {
        if others.count < Report.limit {
          others.append((name, entry.kind == S_IFDIR))
        } else {
          report.faultCount += 1
        }
      }
      return true
    }
    for (name, isFolder) in others.sorted(by: { $0.name < $1.name }) {
      let job = isFolder ? ResultAudit.job(of: Path(outbox) / name) : nil
      if let job, try store.isPublishing(job) { continue }
      guard let job, let result = missing.removeValue(forKey: job) else {
        let what = isFolder ? "a folder" : "a file"
        report.add(
          ResultFault(kind: .extra, job: job, folder: name, message: "\(what) that no record knows"))
        continue
      }
      report.add(
        ResultFault(kind: .renamed, job: job, folder: name, message: "its name on record is \(result.folder)"))
      let outcome = ResultAudit.check(result, in: outbox, name: name)
      report.files += outcome.files
      report.bytes += outcome.bytes
      for fault in outcome.faults { report.add(fault) }
    }
  }

  private static func number(_ name: String) -> UInt64 {
    var hasher = Hasher()
    hasher.combine(name)
    return UInt64(bitPattern: Int64(hasher.finalize()))
  }
}
