package import Configuration
internal import Errors
internal import Files
internal import Foundation
internal import Hashing
internal import Intake
package import Jobs

extension ErrorCode {
  /// There is no source from which a job database could be made again.
  static let nothingToRecover = ErrorCode("E_NOTHING_TO_RECOVER", .inputMissing)
}

/// Makes a lost, damaged or cut job database again: from its remains, from its mirror, and from the folders of
/// jobs. The old one is kept. It may be killed at any moment and begun again.
package struct RecordRecovery {
  private let layout: Layout
  private let spool: Spool
  private let publisher: Publisher

  /// - Throws: `E_CONFIG` when a folder is not named.
  package init(_ configuration: Configuration) throws {
    layout = Layout(try configuration.folders())
    spool = Spool(layout, LinuxFileOperations())
    publisher = Publisher(layout, LinuxFileOperations())
  }

  private func text(_ path: Path) -> String { String(decoding: path.bytes, as: UTF8.self) }

  /// - Parameters:
  ///   - isDryRun: only report the steps.
  ///   - anchors: heads that were kept elsewhere; the daemon's own are taken in any case.
  ///   - actor: for the record.
  /// - Throws: `E_ALREADY_RUNNING` while a daemon runs, `E_DATABASE_UNUSABLE` for a database of a newer version,
  ///   `E_NOTHING_TO_RECOVER`, `E_IO`.
  package func run(isDryRun: Bool, anchors: [ChainAnchor] = [], actor: String) throws -> RecoveryReport {
    guard FileManager.default.fileExists(atPath: text(layout.state)) else {
      throw StudyError(.nothingToRecover, "there is no state folder", file: text(layout.state), hint: "check --config")
    }
    let lock = try InstanceLock(text(layout.state / "lock"))
    let report = try recover(isDryRun: isDryRun, anchors: anchors, actor: actor)
    _ = consume lock
    return report
  }

  private func recover(isDryRun: Bool, anchors: [ChainAnchor], actor: String) throws -> RecoveryReport {
    let path = text(layout.database)
    let mirror = text(layout.mirror)
    let own = text(layout.state / "anchors.jsonl")
    let known = anchors + (FileManager.default.fileExists(atPath: own) ? (try? ChainAnchor.read(own)) ?? [] : [])
    var report = RecoveryReport(condition: try RecordCondition(path, mirror: mirror, anchors: known))
    switch report.condition {
    case .sound: return report
    case .newer:
      throw StudyError(
        .databaseUnusable, "the job database was written by a newer radiomicsd", file: path,
        hint: "install that version")
    case .behind, .damaged, .gone: break
    }
    let rebuilder = try RecordRebuilder(draft: path + ".recovering")
    do {
      if case .behind = report.condition { _ = try rebuilder.replay(database: path) }
      report.unreadable = try rebuilder.replay(mirror: mirror).unreadable
      (report.events, report.jobs) = try rebuilder.counts()
      try adoptSpooled(rebuilder, &report)
      try adoptPublished(rebuilder, &report)
      guard report.events > 0 || report.jobs + report.adopted.count > 0 || !known.isEmpty else {
        throw StudyError(
          .nothingToRecover, "neither a mirror of events nor a folder of a job is left", file: text(layout.state),
          hint: "restore a backup, or remove the state folder to begin anew")
      }
      let kept = report.condition == .gone ? nil : Self.free(path)
      var details = [
        "condition": report.condition.word, "events": String(report.events), "jobs": String(report.jobs),
        "adopted": String(report.adopted.count),
      ]
      if let kept {
        details["kept"] = (kept as NSString).lastPathComponent
        details["kept_sha256"] = Self.digest(path) ?? "unreadable"
      }
      (report.event, report.lost) = try rebuilder.seal(actor: actor, details: details, anchors: known)
      report.unfinished = try rebuilder.unfinished().map(\.state)
      report.kept = kept
      if isDryRun {
        rebuilder.discard()
      } else {
        try rebuilder.replace(path, keptAs: kept ?? path + ".kept")
        let marker = layout.state / "initialised"
        if !FileManager.default.fileExists(atPath: text(marker)) {
          try LinuxFileOperations().write([], to: marker, mode: 0o600)
        }
      }
      return report
    } catch {
      rebuilder.discard()
      throw error
    }
  }

  private static func digest(_ path: String) -> String? {
    guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? handle.close() }
    var digest = Digest(.sha256)
    do {
      while let part = try handle.read(upToCount: 1 << 20), !part.isEmpty { part.withUnsafeBytes { digest.update($0) } }
    } catch { return nil }
    return digest.finish()
  }

  /// Place where the old database is kept: a name that is not taken.
  private static func free(_ path: String) -> String {
    let stamp = Timestamp.now.description.filter { $0.isNumber || $0 == "T" }.prefix(15)
    let base = "\(path).kept-\(stamp)"
    var name = base
    var number = 2
    while FileManager.default.fileExists(atPath: name) || FileManager.default.fileExists(atPath: name + "-wal") {
      name = "\(base)-\(number)"
      number += 1
    }
    return name
  }

  /// Private copies without a job in any source: each becomes one, queued, or computed where its result exists.
  private func adoptSpooled(_ rebuilder: RecordRebuilder, _ report: inout RecoveryReport) throws {
    for id in spool.jobs().whole where try rebuilder.job(id) == nil {
      guard var job = spool.recorded(id), let copy = spool.verified(id) else {
        report.damaged.append(id)
        continue
      }
      job.inputDigest = copy.identity
      job.inputFiles = copy.inputs.count
      job.inputBytes = copy.bytes
      let runs = attempts(of: id)
      job.attempt = runs.max() ?? 0
      let hasResult = job.attempt > 0 && (try? ResultFolder.verify(layout.output(id, job.attempt), job: id)) != nil
      try rebuilder.put(
        job, as: hasResult ? .running : .queued, inputs: copy.inputs,
        attempt: hasResult ? Attempt(job: id, number: job.attempt) : nil)
      report.adopted.append((id, hasResult ? "computed, not yet published" : "queued"))
    }
  }

  /// The runs that left a work folder.
  private func attempts(of id: JobID) -> [Int] {
    ((try? FileManager.default.contentsOfDirectory(atPath: text(layout.work))) ?? [])
      .filter { $0.hasPrefix(id.text + ".") }.compactMap { Int($0.dropFirst(id.text.count + 1)) }
  }

  /// A folder in the outbox is published, whatever the record says, and must not be published again.
  private func adoptPublished(_ rebuilder: RecordRebuilder, _ report: inout RecoveryReport) throws {
    let published = try publisher.inventory { id in
      guard let job = try rebuilder.job(id) else { return true }
      return !job.state.isFinal
    }
    for item in published {
      var job = try rebuilder.job(item.job) ?? Job(id: item.job, study: item.study, studyBytes: Array(item.study.utf8))
      let isNew = job.sequence == 0
      job.outcome = item.state
      job.publishedAs = item.name
      job.error = item.error
      job.duplicateOf = item.duplicateOf
      if isNew {
        // Its original is where a finished one is put, or is claimed still: then it is put away at the next start.
        job.swept = Claims(layout, LinuxFileOperations()).claimed(item.job) == nil && !spool.exists(item.job)
        let folder = item.state == .done || item.state == .duplicate ? ("done", layout.done) : ("failed", layout.failed)
        if job.swept, let name = FileName(item.study),
          FileManager.default.fileExists(atPath: text(folder.1 / name))
        {
          job.originalAt = "\(folder.0)/\(name.display)"
        }
      }
      try rebuilder.put(job, as: item.state, result: item.result)
      report.adopted.removeAll { $0.job == item.job }
      report.adopted.append((item.job, "\(item.state.rawValue), in the outbox"))
    }
  }
}
