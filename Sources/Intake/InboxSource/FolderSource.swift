package import Configuration
package import Files
internal import Glibc
package import Jobs

/// The inbox as a folder: listed, claimed by renames, marked, and on a share perhaps read-only.
package struct FolderSource: StudySource {
  private let layout: Layout
  private let operations: any FileOperations
  private let claims: Claims
  private let spool: Spool
  private let isReadOnly: @Sendable (Path) -> Bool

  package init(_ layout: Layout, _ operations: any FileOperations, isReadOnly: @escaping @Sendable (Path) -> Bool) {
    self.layout = layout
    self.operations = operations
    self.isReadOnly = isReadOnly
    claims = Claims(layout, operations)
    spool = Spool(layout, operations)
  }

  private var marker: InboxMarker { InboxMarker(layout, operations) }

  package func scan(_ request: ScanRequest) -> Scan {
    let inbox = layout.inbox
    var scan = Scan()
    scan.began = BootClock.now
    operations.look(inbox)
    if request.includesTop {
      scan.inbox = Result { try InboxListing(inbox) }.mapError { $0 as? FileError ?? FileError("list", EIO) }
      scan.isReadOnly = isReadOnly(inbox)
      scan.hasControl = layout.control.withCString { access($0, F_OK) } == 0 && marker.isThere
    }
    let closeLook = CloseLook(asksForWriters: request.asksForWriters)
    for entry in request.entries {
      let look = entry.isClose ? closeLook : nil
      let listing = Result { try Listing(of: inbox / entry.name, look: look) }.mapError {
        $0 as? FileError ?? FileError("list", EIO)
      }
      scan.listings.append((entry.name, listing))
    }
    scan.time = BootClock.now
    return scan
  }

  package func take(_ job: Job, content: ArchivedContent?) throws -> PrivateCopy? {
    guard let entry = job.entry else { throw FileError("open", ENOENT) }
    if job.leavesOriginal { return try copyInPlace(job, entry, content) }
    if job.answer != nil { return try takeAnswer(to: job) }
    if claims.claimed(job.id) == nil { try claims.claim(entry, for: job.id) }
    guard job.outcome == nil, let (_, path) = claims.claimed(job.id) else { return nil }
    do {
      return try spool.copy(job, from: path, listing: job.listing, content: content)
    } catch is StudyChanged {
      try spool.discard(job.id)
      try claims.putBack(job.id, isUrgent: entry.isUrgent)
      throw StudyChanged()
    }
  }

  private func copyInPlace(_ job: Job, _ entry: InboxEntry, _ content: ArchivedContent?) throws -> PrivateCopy? {
    guard job.outcome == nil else { return nil }
    do {
      return try spool.copy(job, from: layout.inbox / entry, listing: job.listing, content: content)
    } catch is StudyChanged {
      try spool.discard(job.id)
      throw StudyChanged()
    }
  }

  /// Stands before the fingerprint of an answer that lies in `urgent`.
  private static let urgentAnswer = "urgent/"

  /// `Job.answer` for a listing of an entry.
  package static func answer(_ entry: InboxEntry, listing: String) -> String {
    (entry.isUrgent ? urgentAnswer : "") + listing
  }

  /// Adds the answer to the original and makes the private copy again.
  private func takeAnswer(to job: Job) throws -> PrivateCopy {
    try spool.discard(job.id)
    guard let name = FileName(job.studyBytes) else { throw FileError("open", ENOENT) }
    let isUrgent = job.answer?.hasPrefix(Self.urgentAnswer) ?? false
    try claims.addAnswer(InboxEntry(name, isUrgent: isUrgent), to: job.id)
    guard let (_, path) = claims.claimed(job.id) else { throw FileError("open", ENOENT) }
    let listing = try Listing(of: path)
    if let refusal = listing.refusal { throw AnswerRefused(error: refusal) }
    return try spool.copy(job, from: path, listing: listing.fingerprint)
  }

  package func copyAgain(_ job: Job, content: ArchivedContent?) throws -> PrivateCopy {
    guard let path = original(of: job) else { throw FileError("open", ENOENT) }
    return try spool.copy(job, from: path, listing: job.listing, content: content)
  }

  package func hasTaken(_ job: JobID) -> Bool { claims.claimed(job) != nil }

  package func compare(_ job: Job, isRemote: Bool) throws -> OriginalCondition {
    guard let path = original(of: job) else { return .gone }
    return try spool.compare(job, with: path, isRemote: isRemote)
  }

  /// The original of a job, claimed or left in the inbox; nil where it is gone.
  private func original(of job: Job) -> Path? {
    if job.leavesOriginal { return job.entry.map { layout.inbox / $0 } }
    return claims.claimed(job.id)?.path
  }

  package func retire(_ job: Job, _ policy: OriginalsPolicy) throws -> String? {
    try claims.putBackAnswer(job.id)
    let isDone = [.done, .duplicate].contains(job.state)
    switch policy {
    case _ where job.leavesOriginal: return Job.inInbox
    case _ where job.hasChangedOriginal, .keep:
      try claims.putBack(job.id, isUrgent: job.entry?.isUrgent ?? false)
      return Job.inInbox
    case .delete where isDone:
      try claims.delete(job.id)
      return nil
    case .move, .delete:
      let (folder, name) = isDone ? (layout.done, "done") : (layout.failed, "failed")
      return try claims.putAway(job.id, into: folder).map { "\(name)/\($0.display)" }
    }
  }

  /// The folder of an original that was put away, and its name there.
  private func found(_ place: String) throws -> (folder: Path, name: FileName?) {
    let folder = place.hasPrefix("done/") ? layout.done : layout.failed
    return (folder, try InboxListing.entry(of: folder, shown: String(place.drop { $0 != "/" }.dropFirst())))
  }

  package func dropAgain(_ place: String, as entry: InboxEntry) throws {
    let (folder, source) = (try? found(place)) ?? (place.hasPrefix("done/") ? layout.done : layout.failed, nil)
    guard let source else { throw OriginalMissing(folder: String(decoding: folder.bytes, as: UTF8.self)) }
    if entry.isUrgent { try layout.makeUrgent(operations) }
    try operations.rename(folder / source, to: layout.inbox / entry)
  }

  package func delete(_ place: String) throws {
    let (folder, name) = try found(place)
    guard let name else { return }
    try operations.remove(folder / name)
    try operations.sync(folder)
  }

  package func remake() -> Bool { (try? layout.makeFolders(operations)) != nil && (try? marker.make()) != nil }

  package func makeUrgent() { try? layout.makeUrgent(operations) }
}
