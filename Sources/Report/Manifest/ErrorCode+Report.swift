package import Errors

extension ErrorCode {
  /// A result folder does not match its manifest: a file is absent, unlisted or changed.
  package static let resultManifest = ErrorCode("E_RESULT_MANIFEST", .io)
}
