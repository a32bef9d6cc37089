internal import Configuration
internal import Errors
internal import FoundationEssentials
internal import Intake
internal import Jobs

/// A sample of what is in the outbox, held against the record.
enum ResultChecks {
  private static let sample = 20

  static func all(_ folders: Folders) -> [Finding] {
    guard let store = try? JobStore.reader(folders.state + "/jobs.sqlite"),
      let results = try? store.publishedSample(sample), let total = try? store.publishedCount(), !results.isEmpty
    else { return [Finding("results", .ok, "none published yet")] }
    let outcomes = results.map { ResultAudit.check($0, in: folders.outbox) }
    let faults = outcomes.flatMap(\.faults)
    let text = "\(results.count) of \(total) published results compared with the record"
    let first = faults.first.map { ": \($0.kind.rawValue) \($0.place.escapedForLine): \($0.message)" } ?? ""
    let writable = outcomes.count(where: \.isWritable)
    return [
      Finding(
        "results", faults.isEmpty, text + (faults.isEmpty ? "" : ", \(faults.count) differences") + first, else: .fail,
        "radiomicsd audit verify --results compares all"),
      Finding(
        "results.permissions", writable == 0,
        writable == 0 ? "others may read published results and not write them" : "\(writable) can be written by others",
        else: .warn, "chmod -R go-w \(folders.outbox)"),
    ]
  }
}
