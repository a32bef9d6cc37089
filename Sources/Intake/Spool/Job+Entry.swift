public import Jobs

extension Job {
  /// Its name in the inbox: the study's folder, or an archive with its suffix.
  public var entry: FileName? { FileName(entryBytes ?? studyBytes) }
}
