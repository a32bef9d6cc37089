import Errors
import Foundation
import Glibc
import Hashing
import Jobs
import Model

/// `jobs export --features`: what jobs measured, as the table that `train` and `evaluate` take.
///
/// Read from the outbox, and only where manifest and files are still those on record: a result that somebody edited is
/// no measurement. Numbers pass through as the doubles that they are.
struct FeatureExport {
  /// Columns before the features.
  static let identity =
    ["study", "series", "roi", "label", "job", "admitted", "profile_sha256"] + AcquisitionFacts.columnNames

  /// A result's files are no larger.
  private static let sizeLimit = 64 << 20
  private static let ownColumns = ["study", "series", "roi", "label"]

  let outbox: String
  private(set) var rowCount = 0
  /// Jobs whose result is no longer in the outbox, or not the recorded one.
  private(set) var gone: [Job] = []
  /// Versions of radiomicsd that measured, in the order of their first job.
  private(set) var versions: [String] = []
  private var columns: [String]?
  private var firstJob: Job?
  private var text = ""

  init(outbox: String) { self.outbox = outbox }

  /// UTF-8 bytes of the table (RFC 4180).
  var csvBytes: [UInt8] { Array(text.utf8) }

  /// - Throws: `E_MIXED_FEATURES` where the job's features have other names than those of the jobs before.
  mutating func add(_ job: Job, _ result: ResultRecord) throws {
    guard let files = files(job, result), let table = try? CSVParser.rows(files.features, file: nil), table.count == 2,
      table[0].cells.count == table[1].cells.count, Array(table[0].cells.prefix(4)) == Self.ownColumns,
      let numbers = Self.numbers(table[1].cells.dropFirst(4))
    else {
      gone.append(job)
      return
    }
    let names = Array(table[0].cells.dropFirst(4))
    if let columns, let firstJob {
      guard columns == names else { throw Self.mixed(columns, names, firstJob, job) }
    } else {
      (columns, firstJob) = (names, job)
      text = CSV.line((Self.identity + names).map(CSV.Cell.text))
    }
    let facts = AcquisitionFacts(resultJSON: files.result)
    if let version = Self.version(files.result), !versions.contains(version) { versions.append(version) }
    // Texts come from the result, which has them guarded for spreadsheets already: they are read and guarded anew.
    let own = table[1].cells[1..<4].map { CSV.Cell.text($0.withoutFormulaGuard) }
    let scan = AcquisitionFacts.Column.allCases.map { CSV.Cell(facts[$0]) }
    text += CSV.line(
      [.text(job.study)] + own
        + [.text(job.id.text), .text(job.created.description), .text(result.profileSHA256 ?? "")] + scan
        + numbers.map(CSV.Cell.number))
    rowCount += 1
  }

  private static func numbers(_ cells: ArraySlice<String>) -> [Double]? {
    let numbers = cells.compactMap { FeatureCell(csv: $0).number }
    return numbers.count == cells.count ? numbers : nil
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

extension CSV.Cell {
  fileprivate init(_ cell: FeatureCell) {
    self =
      switch cell {
      case .text(let text): .text(text)
      case .number(let number):
        number == number.rounded() && abs(number) < 1e15 ? .integer(Int64(number)) : .number(number)
      case .tuple, .missing: .empty
      }
  }
}
