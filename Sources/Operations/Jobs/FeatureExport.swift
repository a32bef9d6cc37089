internal import Documents
internal import Errors
internal import Foundation
internal import Glibc
internal import Hashing
package import Jobs
internal import Model
internal import Report

/// `jobs export --features`: what jobs measured, as the table that `train` and `evaluate` take.
///
/// Read from the outbox, and only where manifest and files are still those on record: a result that somebody edited is
/// no measurement. Numbers pass through as the doubles that they are.
package struct FeatureExport {
  /// A result's files are no larger.
  private static let sizeLimit = 64 << 20

  /// A case: its job, how it was scanned, and its own row of features.
  private struct Case {
    let job: Job
    let profile: String?
    let facts: AcquisitionFacts
    let row: CSVTable.Row

    /// A text of the result, which has it guarded for spreadsheets already: it is read and guarded anew.
    func text(_ column: String) -> String? { row[column]?.withoutFormulaGuard }
  }

  private static func table(_ features: [String]) -> Table<Case> {
    let identity = [
      Column<Case>("study") { $0.job.study }, Column("series") { $0.text("series") }, Column("roi") { $0.text("roi") },
      Column("label") { $0.text("label") }, Column("job") { $0.job.id.text },
      Column("admitted") { $0.job.created.description }, Column("profile_sha256") { $0.profile },
    ]
    let scan = AcquisitionFacts.Column.allCases.map { fact in
      Column<Case>(fact.rawValue) { $0.facts[fact].exported }
    }
    return Table(
      identity + scan + features.map { name in Column(name) { $0.row[name].flatMap { FeatureCell(csv: $0).number } } })
  }

  private let outbox: String
  private var rowCount = 0
  /// Jobs whose result is no longer in the outbox, or not the recorded one.
  private var gone: [Job] = []
  /// Versions of radiomicsd that measured, in the order of their first job.
  private var versions: [String] = []
  private var columns: [String]?
  private var table: Table<Case>?
  private var firstJob: Job?
  private var text = ""

  /// What the caller should know of what is in the table and what is not, a sentence each.
  package private(set) var notes: [String] = []

  /// - Parameters:
  ///   - jobs: in order of admission.
  ///   - profile, keepsSuperseded: as `FeatureSelection` takes them.
  /// - Throws: `E_MIXED_FEATURES`, `E_NO_FEATURES`.
  package init(
    of jobs: [(job: Job, result: ResultRecord?)], outbox: String, profile: String?, keepsSuperseded: Bool
  ) throws {
    self.outbox = outbox
    let selection = try FeatureSelection(jobs, profile: profile, keepsSuperseded: keepsSuperseded)
    for (job, result) in selection.jobs { try add(job, result) }
    guard rowCount > 0 else {
      throw StudyError(
        .noFeatures, "of \(selection.jobs.count) jobs no result is in the outbox as it was recorded", file: outbox,
        hint: "features are read from the outbox: put the results back, or compute the studies again")
    }
    notes = notes(on: selection)
  }

  private func notes(on selection: FeatureSelection) -> [String] {
    func jobs(_ count: Int) -> String { count == 1 ? "1 job" : "\(count) jobs" }
    func names(_ jobs: [Job]) -> String {
      jobs.prefix(5).map(\.study).joined(separator: ", ") + (jobs.count > 5 ? ", …" : "")
    }
    var notes = [
      "\(rowCount) cases, profile \(selection.profile.name) (\(selection.profile.sha256.prefix(12)))"
    ]
    if selection.withoutResult > 0 { notes.append("\(jobs(selection.withoutResult)) left out: without a result") }
    if selection.ofOtherProfiles > 0 {
      notes.append("\(jobs(selection.ofOtherProfiles)) left out: of another profile")
    }
    if !selection.superseded.isEmpty {
      notes.append(
        "\(selection.superseded.count) results left out, replaced by a later one: \(names(selection.superseded))")
    }
    if !gone.isEmpty {
      notes.append("\(gone.count) results left out, not in the outbox as they were recorded: \(names(gone))")
    }
    if versions.count > 1 { notes.append("measured by radiomicsd \(versions.joined(separator: ", "))") }
    return notes
  }

  /// UTF-8 bytes of the table (RFC 4180).
  package var csvBytes: [UInt8] { Array(text.utf8) }

  /// - Throws: `E_MIXED_FEATURES` where the job's features have other names than those of the jobs before.
  private mutating func add(_ job: Job, _ result: ResultRecord) throws {
    guard let files = files(job, result), let own = try? CSVTable(bytes: files.features), let row = own.rows.first,
      own.rows.count == 1, Array(own.header.prefix(FeatureTable.identity.count)) == FeatureTable.identity
    else {
      gone.append(job)
      return
    }
    let names = Array(own.header.dropFirst(FeatureTable.identity.count))
    guard names.allSatisfy({ row[$0].map { FeatureCell(csv: $0).number != nil } ?? false }) else {
      gone.append(job)
      return
    }
    if let columns, let firstJob {
      guard columns == names else { throw Self.mixed(columns, names, firstJob, job) }
    } else {
      (columns, firstJob, table) = (names, job, Self.table(names))
      text = table?.headerLine ?? ""
    }
    if let version = Self.version(files.result), !versions.contains(version) { versions.append(version) }
    let facts = AcquisitionFacts(resultJSON: files.result)
    text += table?.line(Case(job: job, profile: result.profileSHA256, facts: facts, row: row)) ?? ""
    rowCount += 1
  }

  private static func mixed(_ first: [String], _ names: [String], _ firstJob: Job, _ job: Job) -> StudyError {
    let odd =
      Set(names).symmetricDifference(first).min().map { ", \($0) is in one of them only" }
      ?? ", in another order"
    return StudyError(
      .mixedFeatures,
      "job \(job.id) has \(names.count) features, job \(firstJob.id) \(first.count)\(odd): another version measured them",
      hint: "choose the jobs of one version with --since and --until")
  }

  /// `features.csv` and `result.json` of a job, nil where they are not the recorded ones any more.
  private func files(_ job: Job, _ result: ResultRecord) -> (features: [UInt8], result: [UInt8])? {
    guard let name = job.publishedAs, !name.isEmpty, name != ".", name != "..", !name.contains("/") else { return nil }
    let folder = "\(outbox)/\(name)"
    guard let manifest = Self.contents("\(folder)/manifest.json"),
      Hashing.sha256(manifest) == result.manifestSHA256,
      let document = try? JSONSerialization.jsonObject(with: Data(manifest)) as? [String: Any],
      let listed = document["files"] as? [String: Any]
    else { return nil }
    func file(_ name: String) -> [UInt8]? {
      guard let wanted = (listed[name] as? [String: Any])?["sha256"] as? String,
        let bytes = Self.contents("\(folder)/\(name)"), Hashing.sha256(bytes) == wanted
      else { return nil }
      return bytes
    }
    return file("features.csv").flatMap { features in file("result.json").map { (features, $0) } }
  }

  /// A regular file's bytes; nil where there is none, or it is too large.
  private static func contents(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= sizeLimit else {
      return nil
    }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var count = 0
    while count < bytes.count {
      let got = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress! + count, $0.count - count) }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { return nil }
      count += got
    }
    return bytes
  }

  private static func version(_ result: [UInt8]) -> String? {
    let document = try? JSONSerialization.jsonObject(with: Data(result)) as? [String: Any]
    return (document?["software"] as? [String: Any])?["version"] as? String
  }
}

extension AcquisitionFacts {
  /// `acquisition` of a `result.json`; older ones have none.
  fileprivate init(resultJSON: [UInt8]) {
    self.init()
    let document = try? JSONSerialization.jsonObject(with: Data(resultJSON)) as? [String: Any]
    guard let object = document?["acquisition"] as? [String: Any] else { return }
    for column in Column.allCases {
      switch object[column.rawValue] {
      case let text as String: self[column] = .text(text)
      case let number as NSNumber: self[column] = .number(number.doubleValue)
      default: break
      }
    }
  }
}

extension FeatureCell {
  /// The cell of an export: whole numbers without a point, as results have them.
  fileprivate var exported: Cell {
    switch self {
    case .text(let text): .text(text)
    case .number(let number):
      number == number.rounded() && abs(number) < 1e15 ? .integer(Int64(number)) : .number(number)
    case .tuple, .missing: .empty
    }
  }
}
