package import Jobs

extension Job {
  /// Its entry in the inbox: the study's folder, or an archive with its suffix, there or in `urgent`.
  package var entry: InboxEntry? { InboxEntry(entryBytes ?? studyBytes) }

  /// The same for a study that has become another entry: an archive, once it lies in a folder.
  package mutating func setEntry(_ entry: InboxEntry) {
    entryBytes = entry.path == studyBytes ? nil : entry.path
  }
}
