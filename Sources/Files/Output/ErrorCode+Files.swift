package import Errors

extension ErrorCode {
  /// An output names a folder where a file is written, or a file where a folder is made.
  package static let outputKind = ErrorCode("E_OUTPUT_KIND", .usage)
}
