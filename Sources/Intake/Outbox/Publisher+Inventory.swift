internal import Files
internal import Foundation
public import Jobs

/// What a folder of the outbox says of the job that made it.
public struct PublishedJob: Sendable, Equatable {
  public var job: JobID
  /// The folder.
  public var name: String
  public var study: String
  /// `done`, `rejected`, `failed` or `duplicate`.
  public var state: JobState
  public var error: JobError?
  public var duplicateOf: JobID?
  /// Of a result that is what its manifest says.
  public var result: ResultRecord?
}

extension Publisher {
  /// All folders of the outbox that a job of ours made and that are whole; others are left out.
  ///
  /// - Parameter wanted: which jobs; the files of the others are not read.
  public func inventory(where wanted: (JobID) throws -> Bool = { _ in true }) throws -> [PublishedJob] {
    guard let outbox = try? OpenFolder(folder("")) else { return [] }
    var found: [PublishedJob] = []
    for entry in try outbox.entries() where entry.kind == S_IFDIR && entry.name.bytes.first != 0x2E {
      let name = String(decoding: entry.name.bytes, as: UTF8.self)
      guard let header = Self.header(folder(name)), let job = JobID(header.job), try wanted(job) else { continue }
      var published = PublishedJob(job: job, name: name, study: header.study ?? name, state: .done)
      switch header.status {
      case nil:
        guard let verified = try? ResultFolder.verify(folder(name), job: job) else { continue }
        published.result = verified.record
      case "duplicate"?:
        published.state = .duplicate
        published.duplicateOf = header.duplicateOf.flatMap { JobID($0.job) }
      case "rejected"?: published.state = .rejected
      default: published.state = .failed
      }
      published.error = header.error
      found.append(published)
    }
    return found
  }

  private struct Header: Decodable {
    struct Original: Decodable { var job: String }
    var job: String
    var study: String?
    var status: String?
    var error: JobError?
    var duplicateOf: Original?

    enum CodingKeys: String, CodingKey {
      case job, study, status, error
      case duplicateOf = "duplicate_of"
    }
  }

  private static func header(_ folder: Path) -> Header? {
    func read(_ file: String) -> Header? {
      guard let bytes = try? FileDigest.contents(folder / file, limit: 16 << 20) else { return nil }
      return try? JSONDecoder().decode(Header.self, from: Data(bytes))
    }
    if var result = read(ResultFolder.manifestName) {
      // The manifest has the job, the result its study; its status is that of a job that is done.
      result.study = read("result.json")?.study
      result.status = nil
      return result
    }
    return read("error.json") ?? read("duplicate.json")
  }
}
