public import Errors

extension ErrorCode {
  /// A result folder is not what its manifest says: a file is absent, unlisted or changed.
  public static let resultManifest = ErrorCode("E_RESULT_MANIFEST", .io)
}
