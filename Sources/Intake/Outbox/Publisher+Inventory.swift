internal import Documents
internal import Files
internal import Glibc
package import Jobs

/// A folder of the outbox and the job that it belongs to.
package struct PublishedJob: Sendable, Equatable {
  package var job: JobID
  /// The folder.
  package var name: String
  package var study: String
  /// `done`, `rejected`, `failed` or `duplicate`.
  package var state: JobState
  package var error: JobError?
  package var duplicateOf: JobID?
  /// The result, where it agrees with its manifest.
  package var result: ResultRecord?
}

extension Publisher {
  /// All folders of the outbox that belong to a job of this service and are whole; others are left out.
  ///
  /// - Parameter wanted: which jobs; the files of the others are not read.
  package func inventory(where wanted: (JobID) throws -> Bool = { _ in true }) throws -> [PublishedJob] {
    guard let outbox = try? OpenFolder(folder("")) else { return [] }
    var found: [PublishedJob] = []
    for entry in try outbox.entries() where entry.kind == S_IFDIR && entry.name.bytes.first != 0x2E {
      let name = String(decoding: entry.name.bytes, as: UTF8.self)
      guard let published = try job(in: folder(name), name, where: wanted) else { continue }
      found.append(published)
    }
    return found
  }

  private func job(
    in folder: Path, _ name: String, where wanted: (JobID) throws -> Bool
  ) throws -> PublishedJob? {
    func read<Document: Decodable>(_ type: Document.Type, _ file: String) -> Document? {
      (try? FileDigest.contents(folder / file, limit: 16 << 20)).flatMap { try? JSONDocument.decode(type, from: $0) }
    }
    // The manifest has the job, the result its study.
    if let manifest = read(JobReference.self, ResultManifest.fileName) {
      guard let job = JobID(manifest.job), try wanted(job),
        let verified = try? ResultFolder.verify(folder, job: job)
      else { return nil }
      let study = read(ResultDocument.self, ResultDocument.fileName)?.study ?? ""
      var published = PublishedJob(job: job, name: name, study: study.isEmpty ? name : study, state: .done)
      published.result = verified.record
      return published
    }
    if let document = read(ErrorDocument.self, ErrorDocument.fileName) {
      guard let job = document.job.flatMap({ JobID($0) }), try wanted(job) else { return nil }
      let state: JobState = document.status == JobState.rejected.rawValue ? .rejected : .failed
      var published = PublishedJob(job: job, name: name, study: document.study ?? name, state: state)
      published.error = document.error.checked
      return published
    }
    guard let document = read(DuplicateDocument.self, DuplicateDocument.fileName), let job = JobID(document.job),
      try wanted(job)
    else { return nil }
    var published = PublishedJob(job: job, name: name, study: document.study, state: .duplicate)
    published.duplicateOf = JobID(document.duplicateOf.job)
    return published
  }
}
